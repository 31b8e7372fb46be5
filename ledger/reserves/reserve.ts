import type { Id } from '../../kernel/ids.ts'
import type { Month } from '../../kernel/month.ts'

/**
 * What of an ended agreement's balance is carried and not paid, in months before one, because refunds may still take it back.
 * The last one that was said counts.
 */
export type Reserve = {
  readonly agreement: Id<'agr'>
  readonly programme: Id<'prg'>
  readonly partner: Id<'ptr'>
  /** Counts the reserves of the agreement, from 1. */
  readonly change: number
  /** Minor units of the programme's asset; 0 lifts the one before. */
  readonly minor: bigint
  /** The statement of this month keeps nothing back any more. */
  readonly until: Month
  /** Why; its partner reads it. */
  readonly reason: string
  readonly setBy: string
  readonly setAt: Date
  readonly record: Id<'rec'>
}
