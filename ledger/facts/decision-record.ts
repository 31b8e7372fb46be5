import type { CanonicalValue } from '../../kernel/canonical-json.ts'
import type { NewRecord } from '../../records/append-records.ts'
import type { ConfirmationRequirement } from './confirmation-requirement.ts'
import type { DecidingFact, NewDecision } from './store/contribution-decisions.ts'

/** The record of a decision on a contribution, which its partner may have. Who decided is the record's actor. */
export function decisionRecord({
  contribution,
  partner,
  decision,
  reason,
  fact,
}: Omit<NewDecision, 'record'>): NewRecord {
  const data = { contribution, partner, decision, reason, fact: fact && factData(fact) }
  return { kind: 'contribution_decision', data, partner }
}

function factData({ source, report }: DecidingFact): { readonly [key: string]: CanonicalValue } {
  const { externalId, partner: partnerCode, contributionExternalId, occurredAt } = report
  return { source, externalId, partnerCode, contributionExternalId, occurredAt: occurredAt.toISOString() }
}

/** The record of what a kind of contributions waits for from now on, which the partner may have. */
export function requirementRecord({ partner, kind, confirmation, version }: ConfirmationRequirement): NewRecord {
  const data = { partner, contributionKind: kind, confirmation, version: BigInt(version) }
  return { kind: 'confirmation_requirement', data, partner }
}
