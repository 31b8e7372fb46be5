import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { admitRevenue, type RevenueCandidate } from './admit-revenue.ts'
import { type AcceptedFact, decideFacts } from './decide-facts.ts'
import { type FactBatch, standing } from './fact-batch.ts'
import { type FactResult, isRefused } from './fact-result.ts'
import type { BrokerReport, LeadBound, RevenueReport } from './parse-revenue.ts'
import { leadBindingRecord, revenueRecord } from './revenue-record.ts'
import { takeFactLocks } from './store/fact-locks.ts'
import { insertLeadBindings, selectWaiting } from './store/lead-bindings.ts'
import {
  type KnownPartner,
  type LeadKey,
  selectBoundLeads,
  selectCategories,
  selectCustomers,
  selectKnownFacts,
  selectPartners,
} from './store/revenue-background.ts'
import { insertRevenueEvents } from './store/revenue-events.ts'
import { decidableAmong, decisionsAmong, storeDecisions } from './store-decisions.ts'
import { withRecords } from './with-records.ts'

type Fact = BrokerReport
type Accepted = readonly AcceptedFact<RevenueCandidate>[]
type Partners = ReadonlyMap<string, KnownPartner>

/** Stores a parsed batch of broker's facts in the caller's transaction; one result for each part, in its order. */
export async function storeRevenue(
  context: Context,
  tx: Transaction,
  { source, batch }: { readonly source: string; readonly batch: FactBatch<Fact> },
): Promise<readonly FactResult[]> {
  const facts = standing(batch)
  const partners = await selectPartners(tx, [...new Set(facts.flatMap(partnerIn))])
  const owners = [...partners.values()].map(({ partner }) => `partner:${partner}` as const)
  await takeFactLocks(tx, [`source:${source}`, ...owners])
  const known = await selectKnownFacts(
    tx,
    source,
    facts.map(({ externalId }) => externalId),
  )
  const bound = await selectBoundLeads(tx, leadsOf(facts, partners))
  const candidates = await withThoseNamed(tx, batch, partners)
  const { results, accepted } = decideFacts(candidates, known, admitRevenue(bound))
  await storeEvents(context, tx, source, accepted)
  await storeBindings(context, tx, source, accepted)
  await storeDecisions(context, tx, decisionsAmong(source, accepted))
  return results
}

function partnerIn(fact: Fact): readonly string[] {
  return 'partner' in fact ? [fact.partner] : []
}

function bindingsAmong(facts: readonly Fact[]): readonly LeadBound[] {
  return facts.filter((fact) => fact.type === 'lead_bound')
}

function leadsOf(facts: readonly Fact[], partners: Partners): readonly LeadKey[] {
  return bindingsAmong(facts).flatMap(({ partner: code, lead }) => {
    const known = partners.get(code)
    return known === undefined ? [] : [{ partner: known.partner, lead }]
  })
}

async function withThoseNamed(
  tx: Transaction,
  batch: FactBatch<Fact>,
  partners: Partners,
): Promise<FactBatch<RevenueCandidate>> {
  const facts = standing(batch)
  const customers = await selectCustomers(tx, [...new Set(facts.flatMap(customerIn))])
  const contributions = await decidableAmong(tx, facts, partners)
  return batch.map((part) => {
    if (isRefused(part)) return part
    if (part.type === 'revenue') return { ...part, known: customers.get(part.customer) }
    const of = partners.get(part.partner)
    if (part.type === 'lead_bound') return { ...part, known: customers.get(part.customer), of }
    return { ...part, of, contribution: contributions(part) }
  })
}

function customerIn(fact: Fact): readonly string[] {
  return 'customer' in fact ? [fact.customer] : []
}

async function storeEvents(context: Context, tx: Transaction, source: string, accepted: Accepted): Promise<void> {
  const events = accepted.flatMap(({ id, fact }) => {
    if (fact.type !== 'revenue') return []
    invariant(fact.known, 'the customer of an accepted event is known')
    return [{ id, source, report: fact, customer: fact.known.customer }]
  })
  const categorised = await withCategories(tx, events)
  const records = await appendRecords(
    context,
    tx,
    categorised.map((event) => revenueRecord(source, event)),
  )
  await insertRevenueEvents(tx, withRecords(categorised, records))
}

/** A category that was not reported is the product's, as the catalogue has it at this moment. */
async function withCategories<E extends { readonly report: RevenueReport }>(
  tx: Transaction,
  events: readonly E[],
): Promise<readonly (E & { readonly category: string | undefined })[]> {
  const products = events.map(({ report }) => report.product ?? { source: '', externalId: '' })
  const categories = products.some(({ source }) => source !== '') ? await selectCategories(tx, products) : []
  return events.map((event, place) => ({ ...event, category: event.report.category ?? categories[place] }))
}

async function storeBindings(context: Context, tx: Transaction, source: string, accepted: Accepted): Promise<void> {
  const bound = accepted.flatMap(({ id, fact }) => {
    if (fact.type !== 'lead_bound') return []
    invariant(fact.known && fact.of, 'the customer and the partner of an accepted binding are known')
    return [{ id, source, report: fact, partner: fact.of.partner, customer: fact.known.customer }]
  })
  const waiting = await selectWaiting(
    tx,
    bound.map(({ partner, report: { lead } }) => ({ partner, lead })),
  )
  const bindings = bound.map((binding, place) => ({ ...binding, confirms: waiting[place] ?? [] }))
  const records = await appendRecords(
    context,
    tx,
    bindings.map((binding) => leadBindingRecord(source, binding)),
  )
  const confirmed = await insertLeadBindings(tx, withRecords(bindings, records))
  invariant(confirmed === waiting.flat().length, 'a binding confirms all that waited for it')
}
