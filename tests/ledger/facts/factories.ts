import type { Context } from '../../../database/context.ts'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { type Id, newId, uuidOf } from '../../../kernel/ids.ts'
import type { FactResult } from '../../../ledger/facts/fact-result.ts'
import { recordRevenue } from '../../../ledger/facts/record-revenue.ts'
import { reportContributions } from '../../../ledger/facts/report-contributions.ts'
import { livePartner } from '../../partners/factories.ts'
import type { TestWorld } from '../../support/database.ts'

let made = 0

/** A caller for a live partner, and the partner's code. */
export async function liveCaller(context: Context): Promise<{ readonly caller: PartnerCaller; readonly code: string }> {
  const { partner, client } = await livePartner(context)
  return { caller: callerOf(partner.id, client.id), code: partner.code }
}

/** A caller who may report contributions, as far as the token says. */
export function callerOf(partner: Id<'ptr'>, client: Id<'cli'> = newId('cli')): PartnerCaller {
  return { kind: 'partner', partner, client, scopes: new Set(['contributions:write']), requestId: 'req-1' }
}

/** A customer as the folder of customers keeps one, by a new account key. */
export async function customer(
  { owner }: Pick<TestWorld, 'owner'>,
  { accountKey = `account-${++made}`, synthetic = false } = {},
): Promise<{ readonly id: Id<'cus'>; readonly accountKey: string }> {
  const id = newId('cus')
  await owner`insert into customers (id, account_key, synthetic) values (${uuidOf(id)}, ${accountKey}, ${synthetic})`
  return { id, accountKey }
}

/** The subject under which a partner knows a customer. */
export async function subject(
  { owner }: Pick<TestWorld, 'owner'>,
  partner: Id<'ptr'>,
  of: { readonly id: Id<'cus'> },
): Promise<string> {
  const name = `sub-${++made}-${'x'.repeat(20)}`
  await owner`
    insert into subjects (subject, partner_id, customer_id, key_version)
    values (${name}, ${uuidOf(partner)}, ${uuidOf(of.id)}, 1)`
  return name
}

/** A referral as it comes from outside. */
export function referral(externalId: string, changes: object = {}): object {
  return { externalId, kind: 'REFERRAL', occurredAt: '2026-01-15T00:00:00Z', ...changes }
}

/** A commission as it comes from outside. */
export function commission(externalId: string, customerKey: string, changes: object = {}): object {
  return {
    type: 'revenue',
    externalId,
    customer: customerKey,
    base: 'COMMISSION',
    asset: 'CNY/2',
    amount: '12.33',
    occurredAt: '2026-01-20T00:00:00Z',
    ...changes,
  }
}

/** What the broker says when a lead turned out to be a customer. */
export function leadBound(
  externalId: string,
  names: { readonly partner: string; readonly lead: string; readonly customer: string },
): object {
  return { type: 'lead_bound', externalId, occurredAt: '2026-01-16T00:00:00Z', ...names }
}

/** Reports one contribution. */
export async function reportOne(context: Context, caller: PartnerCaller, item: object): Promise<FactResult> {
  const [result] = await reportContributions(context, { caller, items: [item] })
  if (result === undefined) throw new Error('one item has one result')
  return result
}

/** Records one fact of the source `core`. */
export async function recordOne(context: Context, item: object, source = 'core'): Promise<FactResult> {
  const [result] = await recordRevenue(context, { source, items: [item] })
  if (result === undefined) throw new Error('one item has one result')
  return result
}

/** The outcomes of a batch, a refusal by its code. */
export function outcomesOf(results: readonly FactResult[]): readonly string[] {
  return results.map((result) => (result.outcome === 'refused' ? result.code : result.outcome))
}
