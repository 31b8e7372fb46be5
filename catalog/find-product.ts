import type { Context } from '../database/context.ts'
import { type Id, isId } from '../kernel/ids.ts'
import type { Product } from './product.ts'
import { selectProduct } from './store/products.ts'

/** The product with this id, offered or withdrawn, and which partner looks, if not anybody; or nothing. */
export async function findProduct(
  context: Context,
  { id, partner }: { readonly id: string; readonly partner?: Id<'ptr'> | undefined },
): Promise<Product | undefined> {
  return isId('prd', id) ? selectProduct(context.database.reads, id, partner) : undefined
}
