import { Fault } from '../../kernel/fault.ts'
import type { Confirmation, DecisionWord } from './confirmation.ts'
import type { ContributionDecided } from './parse-revenue.ts'
import type { DecidableContribution } from './store/contribution-decisions.ts'

/** What somebody wants to decide. */
export type WantedDecision = {
  readonly decision: DecisionWord
  readonly reason: string | undefined
  readonly by: Exclude<Confirmation, 'NONE'>
}

/** The decision that a fact of the broker states. */
export function decisionOf({ type, reason }: ContributionDecided): Omit<WantedDecision, 'by'> {
  return { decision: type === 'contribution_confirmed' ? 'CONFIRMED' : 'REJECTED', reason }
}

/**
 * Why a contribution cannot be decided so: it waits for something else, or was decided otherwise. Nothing is at fault with
 * the same decision again.
 */
export function decisionFault(
  { confirmation, decided }: Pick<DecidableContribution, 'confirmation' | 'decided'>,
  { decision, reason, by }: WantedDecision,
): Fault | undefined {
  if (confirmation !== by) return new Fault('WRONG_STATE', `this contribution ${WAITS_FOR[confirmation]}`)
  if (decided === undefined || (decided.decision === decision && decided.reason === reason)) return undefined
  return new Fault('WRONG_STATE', `this contribution was decided already: it is ${decided.decision}`)
}

const WAITS_FOR: Readonly<Record<Confirmation, string>> = {
  NONE: 'waits for no confirmation',
  BROKER_FACT: 'waits for a fact of the broker',
  PERSON: "waits for a person's word",
}
