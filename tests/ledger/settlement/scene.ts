import type { Context } from '../../../database/context.ts'
import type { PartnerCaller, Scope } from '../../../kernel/caller.ts'
import { newId, uuidOf } from '../../../kernel/ids.ts'
import { createAgreement } from '../../../ledger/agreements/create-agreement.ts'
import { createProgramme } from '../../../ledger/agreements/create-programme.ts'
import { publishTerms } from '../../../ledger/agreements/publish-terms.ts'
import { recordRevenue } from '../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { createClient } from '../../../partners/create-client.ts'
import { createPartner } from '../../../partners/create-partner.ts'
import { goLive } from '../../../partners/go-live.ts'
import { ecKey } from '../../partners/factories.ts'
import type { TestWorld } from '../../support/database.ts'

let made = 0

/** Names begin anew: for a file, with a database of its own, whose names a guide quotes. */
export function nameAnew(): void {
  made = 0
}

/** A code that nothing else in the database has. */
export function freshCode(stem: string): string {
  return `${stem}-${++made}`
}

/** 20 % of commission for 90 days; nothing is held, no minimum, no tax. */
export function termsFor(programme: string, changes: object = {}): object {
  return {
    programme,
    version: 1,
    effectiveFrom: '2026-01-01T00:00:00+08:00',
    asset: 'CNY/2',
    timeZone: 'Asia/Shanghai',
    rules: [{ kind: 'REFERRAL_COMMISSION_SHARE', ratePpm: 200_000, window: { days: 90 }, base: 'COMMISSION' }],
    limits: {},
    holdback: { ppm: 0, periods: 0 },
    minimumPayout: 0,
    clawbackDays: 30,
    disputeDays: 10,
    lookbackDays: 30,
    tax: {},
    ...changes,
  }
}

/** A programme in CNY and Shanghai's months, with terms from 2026 on. Gives its code. */
export async function programmeWith(context: Context, terms: object = {}): Promise<string> {
  const code = freshCode('spring')
  await createProgramme(context, { code, name: 'Spring', asset: 'CNY/2', timeZone: 'Asia/Shanghai' })
  await publishTerms(context, { programme: code, terms: termsFor(code, terms) })
  return code
}

/** A live partner's caller. */
export async function liveMember(
  context: Context,
  programmes: readonly string[],
  { from = '2026-01-01T00:00:00+08:00', code = freshCode('harbour') } = {},
): Promise<PartnerCaller & { readonly code: string }> {
  const { id } = await createPartner(context, { code, name: 'Harbour', kind: 'SCENARIO' })
  const scopes: Scope[] = ['contributions:write', 'statements:read']
  const client = await createClient(context, { partner: id, name: 'Office', jwks: { keys: [ecKey('k')] }, scopes })
  await goLive(context, { partner: id })
  for (const programme of programmes) await createAgreement(context, { programme, partner: id, from })
  return { kind: 'partner', code, partner: id, client: client.id, scopes: new Set(scopes), requestId: 'r1' }
}

/** Customers by new account keys. */
export async function customersIn({ owner }: TestWorld, count: number): Promise<readonly string[]> {
  const keys = Array.from({ length: count }, () => freshCode('account'))
  const ids = keys.map(() => uuidOf(newId('cus')))
  await owner`insert into customers (id, account_key) select * from unnest(${ids}::uuid[], ${keys}::text[])`
  return keys
}

/** The partner refers customers at one time, and the broker says who they are. */
export async function refer(
  context: Context,
  caller: PartnerCaller & { readonly code: string },
  { customers, at }: { readonly customers: readonly string[]; readonly at: string },
): Promise<void> {
  const items = customers.map((customer) => ({
    externalId: `ref-${customer}`,
    kind: 'REFERRAL',
    lead: `lead-${customer}`,
    occurredAt: at,
  }))
  sound(await reportContributions(context, { caller, items }))
  const bindings = customers.map((customer) => ({
    type: 'lead_bound',
    externalId: `bind-${caller.code}-${customer}`,
    partner: caller.code,
    lead: `lead-${customer}`,
    customer,
    occurredAt: at,
  }))
  sound(await recordRevenue(context, { source: 'core', items: bindings }))
}

/** The partner tells what it did on a day of April 2026, and the broker who the customer was, if it was one. */
export async function contribute(
  context: Context,
  caller: PartnerCaller & { readonly code: string },
  customer: string | undefined,
  { day, ...item }: { readonly kind: string; readonly day: number; readonly [name: string]: unknown },
): Promise<void> {
  const occurredAt = `2026-04-${String(day).padStart(2, '0')}T00:00:00Z`
  const lead = customer === undefined ? undefined : `lead-${customer}`
  const externalId = `${item.kind}-${day}`
  sound(await reportContributions(context, { caller, items: [{ externalId, occurredAt, lead, ...item }] }))
  if (lead === undefined) return
  const bound = {
    type: 'lead_bound',
    externalId: `bind-${caller.code}-${externalId}-${customer}`,
    partner: caller.code,
    lead,
    customer,
  }
  sound(await recordRevenue(context, { source: 'core', items: [{ ...bound, occurredAt: '2026-04-01T00:00:00Z' }] }))
}

/** One event of revenue: external id, minor units and time. */
export type Revenue = readonly [externalId: string, minor: number, at: string]

/** The broker says what a customer brought in. */
export async function earn(
  context: Context,
  customer: string,
  events: readonly Revenue[],
  more: object = {},
): Promise<void> {
  const items = events.map(([externalId, minor, occurredAt]) => ({
    type: 'revenue',
    externalId: `${externalId}-${customer}`,
    customer,
    base: 'COMMISSION',
    asset: 'CNY/2',
    minor,
    occurredAt,
    ...more,
  }))
  sound(await recordRevenue(context, { source: 'core', items }))
}

function sound(results: readonly { readonly outcome: string }[]): void {
  const refused = results.find(({ outcome }) => outcome === 'refused')
  if (refused !== undefined) throw new Error(`a fact was refused: ${JSON.stringify(refused)}`)
}

/** W1 of RULES §7, in one period: the window that begins on 15 January ends within April. */
export const W1_REFERRED_AT = '2026-01-15T00:00:00Z'
export const W1_EVENTS: readonly Revenue[] = [
  ['t1', 1233, '2026-04-02T00:00:00Z'],
  ['t2', 998, '2026-04-10T00:00:00Z'],
  ['t3', 58, '2026-04-14T23:59:59.999Z'],
  ['t4', 10000, '2026-04-15T00:00:00Z'],
]

/** W1 under terms of its own: the programme, and the member who referred. */
export async function w1Scene(
  world: TestWorld,
): Promise<{ readonly programme: string; readonly member: PartnerCaller & { readonly code: string } }> {
  const { context } = world
  const programme = await programmeWith(context)
  const member = await liveMember(context, [programme])
  const [customer = ''] = await customersIn(world, 1)
  await refer(context, member, { customers: [customer], at: W1_REFERRED_AT })
  await earn(context, customer, W1_EVENTS)
  return { programme, member }
}
