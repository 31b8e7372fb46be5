import type { PartnerCaller } from '../../../kernel/caller.ts'
import type { FactResult } from '../../../ledger/facts/fact-result.ts'
import { recordRevenue } from '../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import type { TestWorld } from '../../support/database.ts'
import type { Revenue } from '../../support/naive-rules/world.ts'
import type { Case } from './random-case.ts'
import type { Reported } from './random-facts.ts'

/** A member who reports. */
export type Teller = PartnerCaller & { readonly code: string }

/** Facts that were not refused. */
export type Told = { readonly contributions: readonly Reported[]; readonly events: readonly Revenue[] }

/** Tells what is to be known by one closing. */
export async function tellFacts(
  world: TestWorld,
  given: Case,
  { tellers, closing }: { readonly tellers: readonly Teller[]; readonly closing: number },
): Promise<Told> {
  const contributions: Reported[] = []
  for (const caller of tellers) {
    const own = given.contributions.filter(({ code, told }) => code === caller.code && told === closing)
    if (own.length === 0) continue
    const results = await reportContributions(world.context, { caller, items: own.map(toItem) })
    contributions.push(...own.filter((_, at) => results[at]?.outcome === 'recorded'))
  }
  await decide(world, given, contributions)
  const events: Revenue[] = []
  for (const source of given.ground.sources) {
    const own = given.events.filter((event) => event.source === source && event.told === closing)
    const results = await recordRevenue(world.context, { source, items: own.map(toRevenueItem) })
    events.push(...own.filter((_, at) => results[at]?.outcome === 'recorded'))
  }
  return { contributions, events }
}

/** The broker says which customers the leads are that it knows. */
export async function bindLeads({ context }: TestWorld, { ground, contributions }: Case): Promise<void> {
  const leads = new Map(contributions.map((one) => [`${one.code} ${one.lead}`, one]))
  const items = [...leads.values()].flatMap(({ code, lead, customer }) => {
    if (customer === undefined) return []
    const externalId = `bind ${code} ${customer}`
    const occurredAt = new Date(context.clock.now().getTime() - 1000).toISOString()
    return { type: 'lead_bound', externalId, partner: code, lead, customer, occurredAt }
  })
  recorded(await recordRevenue(context, { source: ground.sources[0] ?? '', items }))
}

async function decide(
  { context }: TestWorld,
  { ground: { sources } }: Case,
  contributions: readonly Reported[],
): Promise<void> {
  const occurredAt = new Date(context.clock.now().getTime() - 1000).toISOString()
  const items = contributions.flatMap(({ code: partner, externalId: contributionExternalId, decision }) => {
    const externalId = `decide ${partner} ${contributionExternalId}`
    const told = { externalId, partner, contributionExternalId, occurredAt }
    if (decision === 'confirmed') return { type: 'contribution_confirmed', ...told }
    return decision === 'rejected' ? { type: 'contribution_rejected', ...told, reason: 'it was not so' } : []
  })
  recorded(await recordRevenue(context, { source: sources[0] ?? '', items }))
}

function recorded(results: readonly FactResult[]): void {
  const refused = results.find(({ outcome }) => outcome !== 'recorded')
  if (refused !== undefined) throw new Error(`a fact was not recorded: ${JSON.stringify(refused)}`)
}

function toItem(one: Reported): object {
  const { externalId, kind, lead, at, quantity, minor, campaign, market, product, course, units, unit, score } = one
  return {
    ...{ externalId, kind, lead, campaign, market, product, course, unit },
    occurredAt: new Date(at).toISOString(),
    quantity: `${quantity}`,
    units: units?.toString(),
    score: score?.toString(),
    ...(minor !== undefined && { asset: 'CNY/2', minor: `${minor}` }),
  }
}

function toRevenueItem({ source: _, told: __, at, minor, product, ...rest }: Revenue): object {
  const named = product === undefined ? {} : { product: product.externalId, productSource: product.source }
  return { type: 'revenue', ...rest, ...named, minor: `${minor}`, occurredAt: new Date(at).toISOString() }
}
