import { and, asc, desc, eq, ilike, lte, sql as raw, type SQL } from 'drizzle-orm'
import type { Reader } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Product } from '../product.ts'
import type { ProductFilter } from '../product-filter.ts'
import { PRODUCT_RISKS, type ProductRisk } from '../suitability.ts'
import { products } from '../tables.ts'

/** A row as drizzle reads it. */
export type ProductRow = typeof products.$inferSelect

/** Where a page begins and which way it goes: beyond a product's name and id, which no other product has together. */
export type ProductPage = {
  readonly limit: number
  readonly direction: 'forward' | 'backward'
  /** Who looks, where it does not see all. */
  readonly partner?: Id<'ptr'> | undefined
  readonly beyond?: { readonly name: string; readonly id: Id<'prd'> }
}

/** The product with an id, so far as the partner may see it; anybody else sees all. */
export async function selectProduct(sql: Reader, id: Id<'prd'>, partner?: Id<'ptr'>): Promise<Product | undefined> {
  const [row] = await orm(sql)
    .select()
    .from(products)
    .where(and(eq(products.id, uuidOf(id)), partner && isSeenBy(partner)))
  return row && productOf(row)
}

/** Up to one more than the page holds of the products that are offered, by name, in the page's direction. */
export async function selectProducts(
  sql: Reader,
  filter: ProductFilter,
  { limit, direction, beyond, partner }: ProductPage,
): Promise<readonly Product[]> {
  const order = direction === 'forward' ? asc : desc
  const rows = await orm(sql)
    .select()
    .from(products)
    .where(
      and(
        eq(products.status, 'ACTIVE'),
        ...conditions(filter),
        partner && isSeenBy(partner),
        beyond && isBeyond(beyond, direction),
      ),
    )
    .orderBy(order(products.name), order(products.id))
    .limit(limit + 1)
  return rows.map(productOf)
}

function conditions({ category, risk, maxRisk, provider, search }: ProductFilter): readonly (SQL | undefined)[] {
  return [
    category === undefined ? undefined : eq(products.category, category),
    risk === undefined ? undefined : eq(products.risk, numberOf(risk)),
    maxRisk === undefined ? undefined : lte(products.risk, numberOf(maxRisk)),
    provider === undefined ? undefined : eq(products.providerPartnerId, uuidOf(provider)),
    search === undefined ? undefined : ilike(products.name, `%${escapeLike(search)}%`),
  ]
}

function isBeyond({ name, id }: NonNullable<ProductPage['beyond']>, direction: ProductPage['direction']): SQL {
  const place = raw`(${name}::text, ${uuidOf(id)}::uuid)`
  const here = raw`(${products.name}, ${products.id})`
  return direction === 'forward' ? raw`${here} > ${place}` : raw`${here} < ${place}`
}

/** The partner's capability for the product's category is active, as the folder of partners says in its view. */
function isSeenBy(partner: Id<'ptr'>): SQL {
  return raw`coalesce(
    (select c.status from partner_capabilities c
     where c.partner_id = ${uuidOf(partner)}::uuid and c.kind = 'PRODUCTS' and c.key = ${products.category}),
    (select f.status from capability_defaults f where f.kind = 'PRODUCTS')) = 'ACTIVE'`
}

/** `%` and `_` in what people search for mean themselves. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

/** A product out of its row. */
export function productOf({ id, risk, providerPartnerId, fingerprint: _, version: __, ...row }: ProductRow): Product {
  const product = { ...row, id: idOf('prd', id), risk: riskOf(risk) }
  return providerPartnerId === null ? product : { ...product, providerPartner: idOf('ptr', providerPartnerId) }
}

function numberOf(risk: ProductRisk): number {
  return PRODUCT_RISKS.indexOf(risk) + 1
}

function riskOf(number: number): ProductRisk {
  const risk = PRODUCT_RISKS[number - 1]
  invariant(risk, 'a product has a risk from 1 to 5')
  return risk
}
