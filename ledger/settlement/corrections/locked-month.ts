import type { Id } from '../../../kernel/ids.ts'
import type { Month, Span } from '../../../kernel/month.ts'

/** A month that is locked, and what was seen of its facts. */
export type LockedMonth = {
  readonly month: Month
  readonly span: Span
  /** Agreements whose members did not accrue in it. */
  readonly notAccruing: ReadonlySet<Id<'agr'>>
  readonly seen: SeenFacts
}

/** Which facts of a month its own calculation and the corrections since have seen. */
export type SeenFacts = {
  /** Transactions, as PostgreSQL writes a snapshot. */
  readonly cut: string
  /** When that was taken. */
  readonly at: Date
  /** Refunds that happened before this. */
  readonly refundsUntil: Date
}
