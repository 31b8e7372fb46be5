import { Gauge, type Registry } from 'prom-client'
import type { Context } from '../../database/context.ts'

/** A gauge by its name, what it tells, and how it is read off a status. */
export type StatusGauge<Status> = readonly [name: string, help: string, measure: (status: Status) => number]

/**
 * Gauges that are read off one status when they are asked for: one read for all of them in a scrape. When it cannot be read
 * their values are unknown, `about` says of what in the log, and the other metrics still come.
 */
export function measureStatus<Status>(
  { registry, context, about }: { readonly registry: Registry; readonly context: Context; readonly about: string },
  readStatus: () => Promise<Status>,
  gauges: readonly StatusGauge<Status>[],
): void {
  let reading: Promise<Status | undefined> | undefined
  const read = (): Promise<Status | undefined> => {
    reading ??= readStatus()
      .catch((error: unknown) => {
        context.log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, `${about} cannot be measured`)
        return undefined
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }
  for (const [name, help, measure] of gauges) {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const status = await read()
        this.set(status === undefined ? Number.NaN : measure(status))
      },
    })
  }
}
