import type { Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { ProductRef } from '../../agreements/terms.ts'
import type { KnownFact } from '../decide-facts.ts'

export type KnownCustomer = { readonly customer: Id<'cus'>; readonly synthetic: boolean }
export type KnownPartner = { readonly partner: Id<'ptr'>; readonly syntheticOnly: boolean }
/** One partner's lead. */
export type LeadKey = { readonly partner: Id<'ptr'>; readonly lead: string }
export type BoundLead = LeadKey & { readonly id: Id<'led'>; readonly customer: Id<'cus'> }

/** Customers by account key; one who was erased is known no more, as nothing personal could be written of one. */
export async function selectCustomers(
  tx: Transaction,
  accountKeys: readonly string[],
): Promise<ReadonlyMap<string, KnownCustomer>> {
  if (accountKeys.length === 0) return new Map()
  const rows = await tx<{ account_key: string; customer_id: string; synthetic: boolean }[]>`
    select c.account_key, c.customer_id, c.synthetic from customer_accounts c
    where c.account_key = any(${[...accountKeys]}::text[])
      and not exists (select from customer_keys k where k.customer_id = c.customer_id and k.erased_at is not null)`
  return new Map(
    rows.map((row) => [row.account_key, { customer: idOf('cus', row.customer_id), synthetic: row.synthetic }]),
  )
}

/** Partners by code. */
export async function selectPartners(
  tx: Transaction,
  codes: readonly string[],
): Promise<ReadonlyMap<string, KnownPartner>> {
  if (codes.length === 0) return new Map()
  const rows = await tx<{ code: string; partner_id: string; synthetic_only: boolean }[]>`
    select d.code, d.partner_id, d.synthetic_only from partner_duties d where d.code = any(${[...codes]}::text[])`
  return new Map(
    rows.map((row) => [row.code, { partner: idOf('ptr', row.partner_id), syntheticOnly: row.synthetic_only }]),
  )
}

/** Facts of a source, of any kind, that stand under these external ids. */
export async function selectKnownFacts(
  tx: Transaction,
  source: string,
  externalIds: readonly string[],
): Promise<ReadonlyMap<string, KnownFact>> {
  const rows = await tx<{ external_id: string; prefix: 'rev' | 'led' | 'ctr'; id: string; fingerprint: string }[]>`
    select e.external_id, 'rev' as prefix, e.id, e.fingerprint from revenue_events e
    where e.source = ${source} and e.external_id = any(${[...externalIds]}::text[])
    union all
    select b.external_id, 'led' as prefix, b.id, b.fingerprint from lead_bindings b
    where b.source = ${source} and b.external_id = any(${[...externalIds]}::text[])
    union all
    select d.external_id, 'ctr' as prefix, d.contribution_id, d.fingerprint from contribution_decisions d
    where d.source = ${source} and d.external_id = any(${[...externalIds]}::text[])`
  return new Map(
    rows.map(({ external_id, prefix, id, fingerprint }) => [external_id, { id: idOf(prefix, id), fingerprint }]),
  )
}

/** Which of these leads are bound, and to whom. */
export async function selectBoundLeads(tx: Transaction, leads: readonly LeadKey[]): Promise<readonly BoundLead[]> {
  if (leads.length === 0) return []
  const rows = await tx<{ id: string; partner_id: string; lead: string; customer_id: string }[]>`
    select b.id, b.partner_id, b.lead, b.customer_id
    from unnest(${leads.map(({ partner }) => uuidOf(partner))}::text[]::uuid[], ${leads.map(({ lead }) => lead)}::text[])
      as q (partner_id, lead)
    join lead_bindings b on b.partner_id = q.partner_id and b.lead = q.lead`
  return rows.map(({ id, partner_id, lead, customer_id }) => ({
    id: idOf('led', id),
    partner: idOf('ptr', partner_id),
    lead,
    customer: idOf('cus', customer_id),
  }))
}

/** Categories of products in their order, as the catalogue has them now. */
export async function selectCategories(
  tx: Transaction,
  products: readonly ProductRef[],
): Promise<readonly (string | undefined)[]> {
  if (products.length === 0) return []
  const rows = await tx<{ category: string | null }[]>`
    select f.category
    from unnest(${products.map(({ source }) => source)}::text[], ${products.map(({ externalId }) => externalId)}::text[])
      with ordinality as q (source, external_id, place)
    left join product_facts f on f.source = q.source and f.external_id = q.external_id
    order by q.place`
  return rows.map(({ category }) => category ?? undefined)
}
