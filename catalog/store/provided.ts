import type { Reader } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import type { Product } from '../product.ts'
import { type ProductRow, productOf } from './products.ts'

const MOST_LISTED = 20

/** How many products of a category a partner provides that are offered. */
export type Provided = { readonly partner: Id<'ptr'>; readonly category: string; readonly count: number }

export async function selectProvided(sql: Reader, partners: readonly Id<'ptr'>[]): Promise<readonly Provided[]> {
  const rows = await sql<{ partner_id: string; category: string; count: number }[]>`
    select provider_partner_id as partner_id, category, count(*)::integer as count
    from products
    where provider_partner_id = any (${partners.map(uuidOf)}::text[]::uuid[]) and status = 'ACTIVE'
    group by provider_partner_id, category order by provider_partner_id, category`
  return rows.map(({ partner_id, ...row }) => ({ ...row, partner: idOf('ptr', partner_id) }))
}

/** The first of each partner by name. */
export async function selectProvidedProducts(sql: Reader, partners: readonly Id<'ptr'>[]): Promise<readonly Product[]> {
  const rows = await sql<ProductRow[]>`
    select p.id, p.source, p.external_id as "externalId", p.name, p.category, p.risk, p.asset,
      p.provider_partner_id as "providerPartnerId", p.attributes, p.status, p.fingerprint, p.version,
      p.updated_at as "updatedAt"
    from unnest(${partners.map(uuidOf)}::text[]::uuid[]) as a (partner_id)
    cross join lateral (
      select * from products where provider_partner_id = a.partner_id and status = 'ACTIVE'
      order by name, id limit ${MOST_LISTED}) as p
    order by p.name, p.id`
  return rows.map(productOf)
}
