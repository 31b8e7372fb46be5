import type { PendingQuery, Row } from 'postgres'
import type { Reader, Transaction } from '../../database/client.ts'
import { fingerprintOf } from '../../kernel/digest.ts'
import { type Id, idOf, newId, uuidOf } from '../../kernel/ids.ts'
import type { ProductDetails } from '../product.ts'
import { PRODUCT_RISKS } from '../suitability.ts'

/** What an upsert did to one product; its id and how often it was written only where it did something. */
export type Upserted =
  | { readonly outcome: 'created' | 'changed'; readonly id: Id<'prd'>; readonly version: number }
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
  const proposed = products.map((product) => ({ product, id: newId('prd') }))
  const rows = await tx<{ id: string; source: string; external_id: string; version: number }[]>`
    insert into products as p ${columns(tx)}
    select n.*, 1, ${at.toISOString()}::timestamptz from ${given(tx, proposed)}
    order by n.source collate "C", n.external_id collate "C"
    on conflict (source, external_id) do update set ${replaced(tx)}, version = p.version + 1
    where p.fingerprint <> excluded.fingerprint
    returning p.id, p.source, p.external_id, p.version`
  const written = new Map(rows.map((row) => [keyOf(row.source, row.external_id), row]))
  return proposed.map(({ product, id: own }): Upserted => {
    const row = written.get(keyOf(product.source, product.externalId))
    if (row === undefined) return { outcome: 'unchanged' }
    const id = idOf('prd', row.id)
    return { outcome: id === own ? 'created' : 'changed', id, version: row.version }
  })
}

/** A product as a record tells of it. */
export type ProductVersion = {
  readonly product: ProductDetails
  readonly id: Id<'prd'>
  readonly version: number
  readonly updatedAt: Date
}

/** Writes products as records tell of them, each once; of two versions the later one holds, whichever comes first. */
export async function keepProducts(tx: Transaction, versions: readonly ProductVersion[]): Promise<void> {
  await tx`
    insert into products as p ${columns(tx)}
    select n.*, v.version, v.updated_at from ${given(tx, versions)}
    join unnest(
      ${versions.map(({ id }) => uuidOf(id))}::text[]::uuid[], ${versions.map(({ version }) => String(version))}::text[]::integer[],
      ${versions.map(({ updatedAt }) => updatedAt.toISOString())}::text[]::timestamptz[]
    ) as v (id, version, updated_at) on v.id = n.id
    on conflict (source, external_id) do update set ${replaced(tx)}, version = excluded.version
    where p.version < excluded.version`
}

type Fragment = PendingQuery<Row[]>

function columns(tx: Transaction): Fragment {
  return tx`(id, source, external_id, name, category, risk, asset, provider_partner_id, attributes, status, fingerprint,
             version, updated_at)`
}

function replaced(tx: Transaction): Fragment {
  return tx`
    name = excluded.name, category = excluded.category, risk = excluded.risk, asset = excluded.asset,
    provider_partner_id = excluded.provider_partner_id, attributes = excluded.attributes, status = excluded.status,
    fingerprint = excluded.fingerprint, updated_at = excluded.updated_at`
}

/** Rows `n` of the columns before `version`. */
function given(
  tx: Transaction,
  products: readonly { readonly product: ProductDetails; readonly id: Id<'prd'> }[],
): Fragment {
  const column = (read: (product: ProductDetails) => string | null): (string | null)[] =>
    products.map(({ product }) => read(product))
  return tx`(
    select g.id, g.source, g.external_id, g.name, g.category, g.risk, g.asset, g.provider, g.attributes::jsonb, g.status,
           g.fingerprint
    from unnest(
      ${products.map(({ id }) => uuidOf(id))}::text[]::uuid[],
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
    ) as g (id, source, external_id, name, category, risk, asset, provider, attributes, status, fingerprint)
  ) as n`
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
