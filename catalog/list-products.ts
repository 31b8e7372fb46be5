import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { type Id, isId } from '../kernel/ids.ts'
import { type Page, type PageInput, type PageResult, pageOf, parsePage } from '../kernel/pages.ts'
import type { Product } from './product.ts'
import { type ProductFilter, parseProductFilter } from './product-filter.ts'
import { type ProductPage, selectProducts } from './store/products.ts'

/** Which of them, and for which partner; without one, all of them. */
export type ListProductsInput = {
  readonly filter?: ProductFilter
  readonly partner?: Id<'ptr'> | undefined
  readonly page: PageInput
}

/**
 * The products that are offered, by name, a page at a time; withdrawn ones are left out, and of a category that a
 * partner may not see, all.
 * Throws `INVALID_INPUT` for a filter or a page that is none.
 */
export async function listProducts(
  context: Context,
  { filter, partner, page }: ListProductsInput,
): Promise<PageResult<Product>> {
  const parsed = parsePage(page, 2)
  const rows = await selectProducts(context.database.reads, parseProductFilter(filter ?? {}), {
    ...placeOf(parsed),
    partner,
  })
  return pageOf(parsed, rows, ({ name, id }) => [name, id])
}

function placeOf({ limit, direction, cursor }: Page): ProductPage {
  if (cursor === undefined) return { limit, direction }
  const [name = '', id = ''] = cursor
  if (!isId('prd', id)) throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
  return { limit, direction, beyond: { name, id } }
}
