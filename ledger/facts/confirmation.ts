import type { Id } from '../../kernel/ids.ts'

/** What a contribution waits for beside its customer: nothing, a fact of the broker, or a person's word. */
export const CONFIRMATIONS = ['NONE', 'BROKER_FACT', 'PERSON'] as const
export type Confirmation = (typeof CONFIRMATIONS)[number]

/** What becomes of a contribution that waited. */
export const DECISIONS = ['CONFIRMED', 'REJECTED'] as const
export type DecisionWord = (typeof DECISIONS)[number]

/** What was decided on a contribution, and why. */
export type ContributionDecision = {
  readonly decision: DecisionWord
  readonly reason: string | undefined
  readonly decidedAt: Date
  readonly record: Id<'rec'>
}
