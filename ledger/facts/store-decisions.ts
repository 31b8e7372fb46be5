import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { RevenueCandidate } from './admit-revenue.ts'
import type { AcceptedFact } from './decide-facts.ts'
import { decisionOf } from './decision-fault.ts'
import { decisionRecord } from './decision-record.ts'
import type { BrokerReport, ContributionDecided } from './parse-revenue.ts'
import {
  type DecidableContribution,
  insertDecisions,
  type NewDecision,
  selectDecidable,
} from './store/contribution-decisions.ts'
import type { KnownPartner } from './store/revenue-background.ts'
import { withRecords } from './with-records.ts'

/** A decision without its record. */
export type UnrecordedDecision = Omit<NewDecision, 'record'>

/** Looks up the contributions that broker's facts decide on. */
export async function decidableAmong(
  tx: Transaction,
  facts: readonly BrokerReport[],
  partners: ReadonlyMap<string, KnownPartner>,
): Promise<(fact: ContributionDecided) => DecidableContribution | undefined> {
  const asked = facts.flatMap((fact) => {
    const known = 'contributionExternalId' in fact ? partners.get(fact.partner) : undefined
    if (known === undefined || !('contributionExternalId' in fact)) return []
    return [{ partner: known.partner, externalId: fact.contributionExternalId }]
  })
  const found = new Map(
    (await selectDecidable(tx, asked)).map((contribution) => [
      keyOf(contribution.partner, contribution.externalId),
      contribution,
    ]),
  )
  return ({ partner, contributionExternalId }) =>
    found.get(keyOf(partners.get(partner)?.partner, contributionExternalId))
}

/** The decisions among accepted facts of a source. */
export function decisionsAmong(
  source: string,
  accepted: readonly AcceptedFact<RevenueCandidate>[],
): readonly UnrecordedDecision[] {
  return accepted.flatMap(({ fact }) => {
    if (!('contributionExternalId' in fact)) return []
    const { contribution, of, ...report } = fact
    invariant(contribution, 'the contribution of an accepted decision is known')
    const { id, partner } = contribution
    return [{ contribution: id, partner, ...decisionOf(report), fact: { source, report } }]
  })
}

/** Stores decisions under records of their own. */
export async function storeDecisions(
  context: Context,
  tx: Transaction,
  decisions: readonly UnrecordedDecision[],
): Promise<void> {
  await insertDecisions(tx, withRecords(decisions, await appendRecords(context, tx, decisions.map(decisionRecord))))
}

/** Keys of partners and of contributions hold no NUL. */
function keyOf(partner: string | undefined, externalId: string): string {
  return `${partner}\u0000${externalId}`
}
