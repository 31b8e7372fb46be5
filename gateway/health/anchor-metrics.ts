import type { Registry } from 'prom-client'
import type { Context } from '../../database/context.ts'
import { anchorStatus } from '../../records/anchoring/anchor-status.ts'
import { measureStatus } from './gauges.ts'

/** Gauges of how far the log is anchored, read when they are asked for; the chain itself is not asked. */
export function measureAnchors(registry: Registry, context: Context, contract: string): void {
  measureStatus({ registry, context, about: 'anchors' }, () => anchorStatus(context, { contract }), [
    [
      'tributary_anchored_records',
      'Records under the last anchor that was seen on the chain.',
      ({ anchoredSize }) => Number(anchoredSize),
    ],
    [
      'tributary_anchor_lag_seconds',
      'Age of the oldest signed checkpoint that is not anchored.',
      ({ lag }) => lag.seconds,
    ],
    [
      'tributary_anchor_stopped',
      '1 while the chain and the log contradict each other, and nothing is anchored.',
      ({ state }) => (state === 'STOPPED' ? 1 : 0),
    ],
  ])
}
