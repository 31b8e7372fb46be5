import { Gauge, type Registry } from 'prom-client'
import type { Context } from '../../database/context.ts'
import { type AnchorStatus, anchorStatus } from '../../records/anchoring/anchor-status.ts'

/** Gauges of how far the log is anchored, read when they are asked for; the chain itself is not asked. */
export function measureAnchors(registry: Registry, context: Context, contract: string): void {
  const read = sharedRead(context, contract)
  const gauge = (name: string, help: string, measure: (status: AnchorStatus) => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const status = await read()
        this.set(status === undefined ? Number.NaN : measure(status))
      },
    })
  gauge('tributary_anchored_records', 'Records under the last anchor that was seen on the chain.', (status) =>
    Number(status.anchoredSize),
  )
  gauge(
    'tributary_anchor_lag_seconds',
    'Age of the oldest signed checkpoint that is not anchored.',
    ({ lag }) => lag.seconds,
  )
  gauge(
    'tributary_anchor_stopped',
    '1 while the chain and the log contradict each other, and nothing is anchored.',
    ({ state }) => (state === 'STOPPED' ? 1 : 0),
  )
}

/** One read for all gauges of a scrape. Without the database their values are unknown, and the other metrics still come. */
function sharedRead(context: Context, contract: string): () => Promise<AnchorStatus | undefined> {
  let reading: Promise<AnchorStatus | undefined> | undefined
  return () => {
    reading ??= anchorStatus(context, { contract })
      .catch((error: unknown) => {
        context.log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'anchors cannot be measured')
        return undefined
      })
      .finally(() => {
        reading = undefined
      })
    return reading
  }
}
