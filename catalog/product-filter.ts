import { z } from 'zod'
import { type Id, isId } from '../kernel/ids.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { PRODUCT_RISKS } from './suitability.ts'

const productFilter = z.strictObject({
  category: lineOfText(100).optional(),
  risk: z.enum(PRODUCT_RISKS).optional().describe('Exactly this risk'),
  maxRisk: z.enum(PRODUCT_RISKS).optional().describe('This risk or less'),
  provider: z
    .custom<Id<'ptr'>>((value) => typeof value === 'string' && isId('ptr', value), 'it is no id of a partner')
    .optional(),
  search: lineOfText(100).optional().describe('A part of the name, in capitals or not'),
})

/** What a list of products is narrowed to; all that is given must hold. */
export type ProductFilter = z.infer<typeof productFilter>

/** Reads a filter from outside. Throws `INVALID_INPUT`. */
export function parseProductFilter(filter: ProductFilter): ProductFilter {
  return parseWith(productFilter, filter, 'filter')
}
