import { z } from 'zod'
import { evaluate, type MappingExpression, type MappingRow } from '../kernel/mapping.ts'
import { type Asset, isAsset } from '../kernel/money.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { PRODUCT_STATUSES, type ProductDetails } from './product.ts'
import type { ProductMapping } from './product-mapping.ts'
import { PRODUCT_RISKS } from './suitability.ts'

/** A product as a row of a file has it: the provider by its code, which is not looked up yet. */
export type MappedProduct = Omit<ProductDetails, 'providerPartner'> & { readonly providerCode?: string }

const NOTHING = 'the row has no value for it'

const mappedProduct = z.strictObject({
  source: z.string(),
  externalId: z.string(NOTHING).pipe(lineOfText(200)),
  name: z.string(NOTHING).pipe(lineOfText(300)),
  category: z.string(NOTHING).pipe(lineOfText(100)),
  risk: z.string(NOTHING).pipe(z.enum(PRODUCT_RISKS, 'it is not one of R1 to R5')),
  asset: z
    .string(NOTHING)
    .pipe(z.custom<Asset>((value) => typeof value === 'string' && isAsset(value), 'it is not an asset such as CNY/2')),
  providerCode: z.string().optional(),
  status: z.enum(PRODUCT_STATUSES, 'it is neither ACTIVE nor WITHDRAWN'),
  attributes: z.record(z.string(), lineOfText(500)),
})

/**
 * One row as a product. Throws `INVALID_INPUT` that names the first field for which the row has no value, or none of the
 * right form. An attribute without a value is left out; without a mapping of status every row is ACTIVE.
 */
export function mapProduct(mapping: ProductMapping, row: MappingRow, line: number): MappedProduct {
  const valueFor = (expression: MappingExpression): string | undefined => evaluate(expression, row, line)
  const { source, externalId, name, category, risk, asset, providerPartner, status, attributes } = mapping
  const provider = providerPartner && valueFor(providerPartner)
  const values = {
    source,
    externalId: valueFor(externalId),
    name: valueFor(name),
    category: valueFor(category),
    risk: valueFor(risk),
    asset: valueFor(asset),
    ...(provider === undefined ? {} : { providerCode: provider }),
    status: status === undefined ? 'ACTIVE' : valueFor(status),
    attributes: present(Object.entries(attributes).map(([key, expression]) => [key, valueFor(expression)])),
  }
  const { providerCode, ...parsed } = parseWith(mappedProduct, values, 'product')
  return providerCode === undefined ? parsed : { ...parsed, providerCode }
}

function present(entries: readonly (readonly [string, string | undefined])[]): Record<string, string> {
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])))
}
