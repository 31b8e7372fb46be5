import type { PartnerCaller } from '../../../kernel/caller.ts'
import { type Id, newId, uuidOf } from '../../../kernel/ids.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { createProgramme } from '../../../ledger/agreements/create-programme.ts'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import type { FactResult } from '../../../ledger/facts/fact-result.ts'
import { recordRevenue } from '../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { requireConfirmation } from '../../../ledger/facts/require-confirmation.ts'
import { changePartnerStatus } from '../../../partners/change-partner-status.ts'
import type { TestWorld } from '../../support/database.ts'
import type { Revenue, World } from '../../support/naive-rules/world.ts'
import { liveMember } from '../settlement/scene.ts'
import type { Case } from './random-case.ts'
import type { Reported } from './random-facts.ts'

type Member = PartnerCaller & { readonly code: string }

/** A case that was put in. */
export type PutIn = {
  readonly programme: Id<'prg'>
  /** Codes of the members. */
  readonly codes: ReadonlyMap<Id<'ptr'>, string>
  /** What the naive rules are given: the facts that were not refused. */
  readonly facts: World
}

/** Puts a case in through the doors. */
export async function putIn(world: TestWorld, given: Case): Promise<PutIn> {
  const { context } = world
  const { zone: timeZone, asset, members } = given.ground
  const programme = given.code
  const { id } = await createProgramme(context, { code: programme, name: 'Case', asset, timeZone })
  const versions = given.versions.map((terms) => ({ programme, asset, timeZone, ...terms }))
  for (const terms of versions) await publishTerms(context, { programme, terms })
  const callers: Member[] = []
  for (const { code, from, to } of members) {
    const caller = await liveMember(context, [], { code })
    const end = Number.isFinite(to) ? { to: new Date(to).toISOString() } : {}
    await createAgreement(context, { programme, partner: code, from: new Date(from).toISOString(), ...end })
    callers.push(caller)
  }
  await addCustomers(world, given.ground.customers)
  await requireWhatWaits(world, given)
  // leads are bound before or after what is reported with them
  if (given.seed % 2 === 0) await bind(world, given)
  const contributions = await report(world, callers, given.contributions)
  if (given.seed % 2 === 1) await bind(world, given)
  await decide(world, given, contributions)
  const events = await record(world, given)
  for (const { code, accrues } of members) {
    if (!accrues) await changePartnerStatus(context, { partner: code, status: 'SUSPENDED', reason: 'an audit' })
  }
  return {
    programme: id,
    codes: new Map(callers.map(({ partner, code }) => [partner, code])),
    facts: { zone: timeZone, asset, versions: versions.map(parseTerms), members, contributions, events },
  }
}

async function addCustomers({ owner }: TestWorld, keys: readonly string[]): Promise<void> {
  const ids = keys.map(() => uuidOf(newId('cus')))
  await owner`insert into customers (id, account_key) select * from unnest(${ids}::uuid[], ${keys}::text[])`
}

async function bind({ context }: TestWorld, { ground, contributions }: Case): Promise<void> {
  const leads = new Map(contributions.map((one) => [`${one.code} ${one.lead}`, one]))
  const items = [...leads.values()].flatMap(({ code, lead, customer }) => {
    if (customer === undefined) return []
    const externalId = `bind ${code} ${customer}`
    const occurredAt = new Date(context.clock.now().getTime() - 1000).toISOString()
    return { type: 'lead_bound', externalId, partner: code, lead, customer, occurredAt }
  })
  recorded(await recordRevenue(context, { source: ground.sources[0] ?? '', items }))
}

async function requireWhatWaits({ context }: TestWorld, { contributions }: Case): Promise<void> {
  for (const { code, kind, waits } of contributions) {
    if (waits) await requireConfirmation(context, { partner: code, kind, confirmation: 'BROKER_FACT' })
  }
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

async function report(
  { context }: TestWorld,
  callers: readonly Member[],
  contributions: readonly Reported[],
): Promise<readonly Reported[]> {
  const taken: Reported[] = []
  for (const caller of callers) {
    const own = contributions.filter(({ code }) => code === caller.code)
    const results = await reportContributions(context, { caller, items: own.map(toItem) })
    taken.push(...own.filter((_, at) => results[at]?.outcome === 'recorded'))
  }
  return taken
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

async function record({ context }: TestWorld, { ground, events }: Case): Promise<readonly Revenue[]> {
  const taken: Revenue[] = []
  for (const source of ground.sources) {
    const own = events.filter((event) => event.source === source)
    const results = await recordRevenue(context, { source, items: own.map(toRevenueItem) })
    taken.push(...own.filter((_, at) => results[at]?.outcome === 'recorded'))
  }
  return taken
}

function toRevenueItem({ source: _, at, minor, product, ...rest }: Revenue): object {
  const named = product === undefined ? {} : { product: product.externalId, productSource: product.source }
  return { type: 'revenue', ...rest, ...named, minor: `${minor}`, occurredAt: new Date(at).toISOString() }
}
