import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { isId } from '../kernel/ids.ts'
import { type Page, type PageInput, type PageResult, pageOf, parsePage } from '../kernel/pages.ts'
import type { Product } from './product.ts'
import { type ProductFilter, parseProductFilter } from './product-filter.ts'
import { type ProductPage, selectProducts } from './store/products.ts'

export type ListProductsInput = { readonly filter?: ProductFilter; readonly page: PageInput }

/**
 * The products that are offered, by name, a page at a time; withdrawn ones are left out.
 * Throws `INVALID_INPUT` for a filter or a page that is none.
 */
export async function listProducts(
  context: Context,
  { filter, page }: ListProductsInput,
): Promise<PageResult<Product>> {
  const parsed = parsePage(page, 2)
  const rows = await selectProducts(context.database.reads, parseProductFilter(filter ?? {}), placeOf(parsed))
  return pageOf(parsed, rows, ({ name, id }) => [name, id])
}

function placeOf({ limit, direction, cursor }: Page): ProductPage {
  if (cursor === undefined) return { limit, direction }
  const [name = '', id = ''] = cursor
  if (!isId('prd', id)) throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
  return { limit, direction, beyond: { name, id } }
}
