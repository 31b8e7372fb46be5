import type { Registry } from 'prom-client'
import type { Context } from '../../database/context.ts'
import { type AnchorStatus, anchorStatus } from '../../records/anchoring/anchor-status.ts'
import { shareGauges } from './shared-gauges.ts'

/** Gauges of how far the log is anchored, read when they are asked for; the chain itself is not asked. */
export function measureAnchors(registry: Registry, context: Context, contract: string): void {
  shareGauges<AnchorStatus>(registry, context, {
    read: () => anchorStatus(context, { contract }),
    failed: 'anchors cannot be measured',
    gauges: {
      tributary_anchored_records: {
        help: 'Records under the last anchor that was seen on the chain.',
        measure: ({ anchoredSize }) => Number(anchoredSize),
      },
      tributary_anchor_lag_seconds: {
        help: 'Age of the oldest signed checkpoint that is not anchored.',
        measure: ({ lag }) => lag.seconds,
      },
      tributary_anchor_stopped: {
        help: '1 while the chain and the log contradict each other, and nothing is anchored.',
        measure: ({ state }) => (state === 'STOPPED' ? 1 : 0),
      },
    },
  })
}
