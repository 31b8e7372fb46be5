import { Gauge, type Registry } from 'prom-client'
import type { Context } from '../../database/context.ts'

/** Gauges that are read together when they are asked for. */
export type SharedGauges<Status> = {
  readonly read: () => Promise<Status>
  /** For the log, when they cannot be read: “anchors cannot be measured”. */
  readonly failed: string
  /** What is measured, by name. */
  readonly gauges: Readonly<Record<string, { readonly help: string; readonly measure: (status: Status) => number }>>
}

/** One read for all gauges of a scrape. When it fails their values are unknown, and the other metrics still come. */
export function shareGauges<Status>(registry: Registry, { log }: Context, shared: SharedGauges<Status>): void {
  let reading: Promise<Status | undefined> | undefined
  const read = (): Promise<Status | undefined> => {
    reading ??= shared
      .read()
      .catch((error: unknown) => {
        log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, shared.failed)
        return undefined
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }
  for (const [name, { help, measure }] of Object.entries(shared.gauges)) {
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
