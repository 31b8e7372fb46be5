import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Reserve } from './reserve.ts'
import { selectReserve, selectReservesOf } from './store/reserves.ts'

/** What was said last of what an agreement's balance keeps back; nothing where nothing was. */
export async function findReserve({ database }: Context, agreement: Id<'agr'>): Promise<Reserve | undefined> {
  return selectReserve(database.reads, agreement)
}

/** The same of all agreements of a partner. */
export async function findReservesOf({ database }: Context, partner: Id<'ptr'>): Promise<readonly Reserve[]> {
  return selectReservesOf(database.reads, partner)
}
