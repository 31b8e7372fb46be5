import type { Registry } from 'prom-client'
import type { Context } from '../../database/context.ts'
import { logStatus } from '../../records/log-status.ts'
import { measureStatus } from './gauges.ts'

/** Gauges of how far sealing and signing have come, read when they are asked for. */
export function measureLog(registry: Registry, context: Context): void {
  measureStatus({ registry, context, about: 'the log' }, () => logStatus(context), [
    ['tributary_log_sealed_records', 'Records that have their place in the log.', ({ size }) => size],
    ['tributary_log_unsealed_records', 'Committed records without a place yet.', ({ unsealed }) => unsealed.records],
    [
      'tributary_log_lag_seconds',
      'How long the first committed record without a place has been waiting; 0 when none is.',
      ({ unsealed }) => unsealed.seconds,
    ],
    [
      'tributary_log_signed_records',
      'Records that the last checkpoint covers.',
      ({ checkpoint }) => checkpoint?.size ?? 0,
    ],
    [
      'tributary_log_checkpoint_age_seconds',
      'Age of the last checkpoint.',
      ({ checkpoint }) => checkpoint?.seconds ?? Number.NaN,
    ],
    [
      'tributary_log_oldest_writer_seconds',
      'How long the oldest writing transaction has been open, which sealing waits for; 0 when there is none.',
      ({ writer }) => writer?.seconds ?? 0,
    ],
  ])
}
