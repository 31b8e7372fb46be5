import type { Registry } from 'prom-client'
import type { Context } from '../../database/context.ts'
import { type LogStatus, logStatus } from '../../records/log-status.ts'
import { shareGauges } from './shared-gauges.ts'

/** Gauges of how far the log is sealed and signed for, read when they are asked for. */
export function measureLog(registry: Registry, context: Context): void {
  shareGauges<LogStatus>(registry, context, {
    read: () => logStatus(context),
    failed: 'the log cannot be measured',
    gauges: {
      tributary_log_sealed_records: {
        help: 'Records that have their place in the log.',
        measure: ({ sealed }) => sealed,
      },
      tributary_log_unsealed_records: {
        help: 'Committed records that have no place yet, counted up to 100,000.',
        measure: ({ unsealed }) => unsealed,
      },
      tributary_log_sealing_lag_seconds: {
        help: 'Age of the oldest committed record that has no place yet; 0 when all have.',
        measure: ({ lagSeconds }) => lagSeconds,
      },
      tributary_log_checkpoint_records: {
        help: 'Records that the latest checkpoint signs for.',
        measure: ({ checkpoint }) => checkpoint?.size ?? 0,
      },
      tributary_log_checkpoint_age_seconds: {
        help: 'Time since the latest checkpoint was signed; it is signed anew only after a record was sealed.',
        measure: ({ checkpoint }) => checkpoint?.seconds ?? Number.NaN,
      },
      tributary_log_oldest_writer_seconds: {
        help: 'Age of the oldest transaction that writes: nothing younger is sealed before it ends.',
        measure: ({ writing }) => writing?.seconds ?? 0,
      },
    },
  })
}
