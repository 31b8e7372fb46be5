import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Reserve } from './reserve.ts'
import { selectReserve } from './store/reserves.ts'

/** What was said last of what an agreement's balance keeps back; nothing where nothing was. */
export async function findReserve({ database }: Context, agreement: Id<'agr'>): Promise<Reserve | undefined> {
  return selectReserve(database.reads, agreement)
}
