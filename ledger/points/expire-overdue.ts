import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { PointsAccount } from './points-account.ts'
import { expiredPostings } from './points-entries.ts'
import { holdAccounts } from './store/points-accounts.ts'
import { selectOverdueLots } from './store/points-lots.ts'
import { type LotLeft, partOf } from './take-points.ts'
import { type PostedMove, writeMoves } from './write-moves.ts'

/**
 * Holds accounts until the transaction ends, and lets go what is past its end in them, as of that end. Whatever moves points
 * of an account does this first, so that what a lot still holds can be used. Gives what expired.
 */
export async function expireOverdue(
  context: Context,
  tx: Transaction,
  accounts: readonly PointsAccount[],
): Promise<readonly LotLeft[]> {
  const ids = accounts.map(({ id }) => id)
  await holdAccounts(tx, ids)
  const overdue = await selectOverdueLots(tx, ids, context.clock.now())
  const byId = new Map(accounts.map((account) => [account.id, account]))
  await writeMoves(
    context,
    tx,
    overdue.map(({ account, ...lot }) => {
      const whose = byId.get(account)
      invariant(whose, 'a lot that expires is in one of the accounts')
      return expire(whose, lot)
    }),
  )
  return overdue
}

function expire(account: PointsAccount, lot: LotLeft): PostedMove {
  const { points, expiresAt: at } = lot
  const parts = [partOf(lot, points)]
  const cause = { kind: 'EXPIRED', lot: lot.lot } as const
  const move = { id: newId('ptm'), account: account.id, points: -points, at, cause, parts }
  return { move, account, postings: expiredPostings({ account, points, parts }) }
}
