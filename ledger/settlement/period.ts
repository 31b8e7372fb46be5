import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Month } from '../../kernel/month.ts'
import type { ChecklistCode } from './checklist-code.ts'

/**
 * `CALCULATING` while drafts are written (or since a calculation was cut off), `REVIEW` when they are complete, `LOCKED`
 * when they are issued and posted, `CLOSED` when nothing of it is left to pay or dispute. Source: RULES §6.
 */
export const PERIOD_STATUSES = ['OPEN', 'CALCULATING', 'REVIEW', 'LOCKED', 'CLOSED'] as const
export type PeriodStatus = (typeof PERIOD_STATUSES)[number]

/** A calendar month in its programme's time zone, `[startsAt, endsAt)`. */
export type Period = {
  readonly id: Id<'per'>
  readonly programme: Id<'prg'>
  readonly month: Month
  readonly startsAt: Date
  readonly endsAt: Date
  readonly status: PeriodStatus
  /** When the facts that count were taken; whatever is recorded after that is late. */
  readonly cutAt: Date | undefined
  readonly lockedAt: Date | undefined
  /** The record of its locking. */
  readonly record: Id<'rec'> | undefined
  /** Who locked it; unknown of months that were locked before that was kept. */
  readonly lockedBy: Actor | undefined
  /** What of the checklist was open then, and acknowledged. */
  readonly acknowledged: readonly ChecklistCode[]
  readonly closedAt: Date | undefined
}
