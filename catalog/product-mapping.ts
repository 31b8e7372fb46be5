import { z } from 'zod'
import { columnsOf, mappingExpression } from '../kernel/mapping.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'

const productMapping = z.strictObject({
  format: z.literal('tributary-products/1'),
  source: lineOfText(100).describe('Where the products come from; with the external id it names a product for ever'),
  externalId: mappingExpression,
  name: mappingExpression,
  category: mappingExpression,
  risk: mappingExpression.describe('R1 to R5'),
  asset: mappingExpression.describe('A code and its decimals, such as CNY/2'),
  providerPartner: mappingExpression.optional().describe('Code of the partner who provides the product'),
  status: mappingExpression.optional().describe('ACTIVE or WITHDRAWN; without it, all are ACTIVE'),
  attributes: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,49}$/, 'it is no name of an attribute'), mappingExpression)
    .refine((attributes) => Object.keys(attributes).length <= 50, 'there are more than 50 attributes')
    .default({}),
})

/** How the columns of a file become products: a mapping file in the format `tributary-products/1`. */
export type ProductMapping = z.infer<typeof productMapping>

/** Reads a mapping file's content. Throws `INVALID_INPUT` that names the place at fault. */
export function parseProductMapping(content: unknown): ProductMapping {
  return parseWith(productMapping, content, 'mapping')
}

/** The columns without which a file does not fit the mapping. */
export function columnsNeeded(mapping: ProductMapping): readonly string[] {
  const { externalId, name, category, risk, asset, providerPartner, status, attributes } = mapping
  const optional = [providerPartner, status].filter((expression) => expression !== undefined)
  const all = [externalId, name, category, risk, asset, ...optional, ...Object.values(attributes)]
  return [...new Set(all.flatMap(columnsOf))]
}
