import type { Reader, Transaction } from '../../database/client.ts'
import { fingerprintOf } from '../../kernel/digest.ts'
import { type Id, idOf, newId, uuidOf } from '../../kernel/ids.ts'
import type { ProductDetails } from '../product.ts'
import { PRODUCT_RISKS } from '../suitability.ts'

/** What an upsert did to one product; its id only where it did something. */
export type Upserted =
  | { readonly outcome: 'created' | 'changed'; readonly id: Id<'prd'> }
  | { readonly outcome: 'unchanged' }

/**
 * Writes products in one statement and leaves alone what stands there already. No two of them may have one source and
 * external id. The rows are locked in the order of those, so that two imports do not wait for each other in a circle.
 */
export async function upsertProducts(
  tx: Transaction,
  products: readonly ProductDetails[],
  at: Date,
): Promise<readonly Upserted[]> {
  const proposed = products.map((product) => ({ product, uuid: uuidOf(newId('prd')) }))
  const column = (read: (product: ProductDetails) => string | null): (string | null)[] => products.map(read)
  const rows = await tx<{ id: string; source: string; external_id: string }[]>`
    insert into products as p (id, source, external_id, name, category, risk, asset, provider_partner_id, attributes,
                               status, fingerprint, updated_at)
    select n.id, n.source, n.external_id, n.name, n.category, n.risk, n.asset, n.provider, n.attributes::jsonb, n.status,
           n.fingerprint, ${at.toISOString()}::timestamptz
    from unnest(
      ${proposed.map(({ uuid }) => uuid)}::text[]::uuid[],
      ${column(({ source }) => source)}::text[],
      ${column(({ externalId }) => externalId)}::text[],
      ${column(({ name }) => name)}::text[],
      ${column(({ category }) => category)}::text[],
      ${column(({ risk }) => String(PRODUCT_RISKS.indexOf(risk) + 1))}::text[]::smallint[],
      ${column(({ asset }) => asset)}::text[],
      ${column(({ providerPartner }) => (providerPartner ? uuidOf(providerPartner) : null))}::text[]::uuid[],
      ${column(({ attributes }) => JSON.stringify(attributes))}::text[],
      ${column(({ status }) => status)}::text[],
      ${column(fingerprintOfContent)}::text[]
    ) as n (id, source, external_id, name, category, risk, asset, provider, attributes, status, fingerprint)
    order by n.source collate "C", n.external_id collate "C"
    on conflict on constraint products_source_external_id_key do update
    set name = excluded.name, category = excluded.category, risk = excluded.risk, asset = excluded.asset,
        provider_partner_id = excluded.provider_partner_id, attributes = excluded.attributes, status = excluded.status,
        fingerprint = excluded.fingerprint, updated_at = excluded.updated_at
    where p.fingerprint <> excluded.fingerprint
    returning p.id, p.source, p.external_id`
  const written = new Map(rows.map((row) => [keyOf(row.source, row.external_id), idOf('prd', row.id)]))
  return proposed.map(({ product, uuid }): Upserted => {
    const id = written.get(keyOf(product.source, product.externalId))
    if (id === undefined) return { outcome: 'unchanged' }
    return { outcome: uuidOf(id) === uuid ? 'created' : 'changed', id }
  })
}

/** Ids of the partners with these codes, by code; a code that is nobody's is left out. */
export async function partnersByCode(sql: Reader, codes: readonly string[]): Promise<ReadonlyMap<string, Id<'ptr'>>> {
  const rows = await sql<{ code: string; partner_id: string }[]>`
    select code, partner_id from partner_duties where code = any (${[...codes]}::text[])`
  return new Map(rows.map((row) => [row.code, idOf('ptr', row.partner_id)]))
}

function fingerprintOfContent({ source: _, externalId: __, ...content }: ProductDetails): string {
  return fingerprintOf(content)
}

function keyOf(source: string, externalId: string): string {
  return JSON.stringify([source, externalId])
}
