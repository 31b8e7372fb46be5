import type { Context } from '../database/context.ts'
import { isId } from '../kernel/ids.ts'
import type { Product } from './product.ts'
import { selectProduct } from './store/products.ts'

/** The product with this id, offered or withdrawn; or nothing. */
export async function findProduct(context: Context, id: string): Promise<Product | undefined> {
  return isId('prd', id) ? selectProduct(context.database.reads, id) : undefined
}
