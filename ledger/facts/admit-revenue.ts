import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import type { Admission, FactId } from './decide-facts.ts'
import { decisionFault, decisionOf } from './decision-fault.ts'
import { refusalOf } from './fact-result.ts'
import type { ContributionDecided, LeadBound, RevenueReport } from './parse-revenue.ts'
import type { DecidableContribution } from './store/contribution-decisions.ts'
import type { BoundLead, KnownCustomer, KnownPartner, LeadKey } from './store/revenue-background.ts'

/** A broker's fact with whom it names, so far as they are known. */
export type RevenueCandidate = EventCandidate | BindingCandidate | DecisionCandidate
export type EventCandidate = RevenueReport & { readonly known: KnownCustomer | undefined }
export type BindingCandidate = LeadBound & {
  readonly known: KnownCustomer | undefined
  readonly of: KnownPartner | undefined
}
export type DecisionCandidate = ContributionDecided & {
  readonly of: KnownPartner | undefined
  readonly contribution: DecidableContribution | undefined
}

/**
 * Decides on broker's facts one after the other: customers and partners must be known, and the first binding of a lead
 * holds; the same binding under another key is the one that stands, and so is the same decision on a contribution.
 */
export function admitRevenue(boundBefore: readonly BoundLead[]): (fact: RevenueCandidate) => Admission {
  const bound = new Map(boundBefore.map((lead) => [nameOf(lead), { id: lead.id, customer: lead.customer }]))
  const decide = admitDecision()
  return (fact) => {
    if ('contributionExternalId' in fact) return decide(fact)
    const { known } = fact
    if (known === undefined) return refusalOf(noCustomer(), fact.externalId)
    if (fact.type === 'revenue') return { newId: newId('rev') }
    const { of: partner } = fact
    if (partner === undefined) return refusalOf(noPartner(), fact.externalId)
    if (partner.syntheticOnly && !known.synthetic) return refusalOf(onlySynthetic(), fact.externalId)
    const name = nameOf({ partner: partner.partner, lead: fact.lead })
    const holder = bound.get(name)
    if (holder !== undefined) return heldBy(holder, known.customer, fact.externalId)
    const id = newId('led')
    bound.set(name, { id, customer: known.customer })
    return { newId: id }
  }
}

function admitDecision(): (fact: DecisionCandidate) => Admission {
  const decidedHere = new Map<FactId, DecidableContribution['decided']>()
  return (fact) => {
    const { of: partner, contribution, externalId } = fact
    if (partner === undefined) return refusalOf(noPartner(), externalId)
    if (contribution === undefined) return refusalOf(noContribution(), externalId)
    const { decision, reason } = decisionOf(fact)
    const decided = decidedHere.get(contribution.id) ?? contribution.decided
    const fault = decisionFault({ ...contribution, decided }, { decision, reason, by: 'BROKER_FACT' })
    if (fault !== undefined) return refusalOf(fault, externalId)
    if (decided !== undefined) return { sameAs: contribution.id }
    decidedHere.set(contribution.id, { decision, reason })
    return { newId: contribution.id }
  }
}

function nameOf({ partner, lead }: LeadKey): string {
  return `${partner}/${lead}`
}

function heldBy(
  holder: { readonly id: FactId; readonly customer: Id<'cus'> },
  customer: Id<'cus'>,
  externalId: string,
): Admission {
  if (holder.customer === customer) return { sameAs: holder.id }
  return refusalOf(
    new Fault('LEAD_BOUND', 'this lead is bound to another customer, and the first holds', { field: 'lead' }),
    externalId,
  )
}

function noCustomer(): Fault {
  return new Fault('NOT_FOUND', 'there is no customer with this account key', { field: 'customer' })
}

function noContribution(): Fault {
  return new Fault('NOT_FOUND', 'the partner has no contribution under this key', { field: 'contributionExternalId' })
}

function noPartner(): Fault {
  return new Fault('NOT_FOUND', 'there is no partner with this code', { field: 'partner' })
}

function onlySynthetic(): Fault {
  const why = 'the partner is in the sandbox: its leads are bound to synthetic customers only'
  return new Fault('WRONG_STATE', why, { field: 'customer' })
}
