import type { Id } from '../../kernel/ids.ts'
import type { ConformanceCheck } from './conformance-check.ts'

/** Where a run stands. One in which something was never right has EXPIRED in the end. */
export const CONFORMANCE_STATUSES = ['OPEN', 'PASSED', 'EXPIRED'] as const
export type ConformanceStatus = (typeof CONFORMANCE_STATUSES)[number]

/** A conformance run of a partner. */
export type ConformanceRun = {
  readonly id: Id<'cfr'>
  readonly partner: Id<'ptr'>
  readonly status: ConformanceStatus
  readonly startedBy: string
  readonly startedAt: Date
  readonly expiresAt: Date
  readonly endedAt: Date | undefined
  /** Until when it lets the partner go live, if it was passed. */
  readonly countsUntil: Date | undefined
  /** Of one that has ended, as it was found; of an open one, as it is now. */
  readonly checks: readonly ConformanceCheck[]
  /** 1 while it is open. */
  readonly version: number
  readonly record: Id<'rec'>
}
