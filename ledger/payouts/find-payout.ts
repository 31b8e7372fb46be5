import type { Context } from '../../database/context.ts'
import { isId } from '../../kernel/ids.ts'
import type { Payout } from './payout.ts'
import { findPayoutRow } from './store/payouts.ts'

/** A payout by its id, or nothing. */
export async function findPayout({ database }: Context, id: string): Promise<Payout | undefined> {
  return isId('pyt', id) ? findPayoutRow(database.reads, id) : undefined
}
