import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { ProjectedRecord, Projector } from '../../records/projector.ts'
import { selectKnownIds } from '../store/known-ids.ts'
import { openAccounts } from './store/points-accounts.ts'
import { insertMoves, type MoveToKeep } from './store/points-moves.ts'
import { insertRewards, rewardKey, selectKnownRewards } from './store/rewards.ts'
import { toldPoints, toldReward } from './told-points.ts'

/**
 * Points and rewards out of the log. A move waits for its account, for the lots that it takes points of and for the reward
 * that they are given for.
 */
export const pointsProjector: Projector = {
  kinds: ['points', 'reward'],
  tables: [
    { name: 'points_accounts', key: ['id'] },
    { name: 'points_lots', key: ['id'] },
    { name: 'points_moves', key: ['id'] },
    { name: 'points_parts', key: ['move_id', 'lot_id'] },
    { name: 'rewards', key: ['code', 'version'] },
  ],
  project: projectPoints,
}

async function projectPoints(
  _context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  await insertRewards(tx, records.filter(({ body }) => body.kind === 'reward').map(toldReward))
  const told = records.filter(({ body }) => body.kind === 'points').map((record) => ({ record, ...toldPoints(record) }))
  await openAccounts(
    tx,
    told.flatMap((one) => ('account' in one ? one.account : [])),
  )
  const moves = told.flatMap((one) => ('move' in one ? one : []))
  const ready = await selectReady(
    tx,
    moves.map(({ move }) => move),
  )
  await insertMoves(tx, ready)
  const kept = new Set(ready)
  return moves.filter(({ move }) => !kept.has(move)).map(({ record }) => record)
}

/** The moves of which all that they rest on is there, or comes with one of the others that are ready. */
async function selectReady(tx: Transaction, moves: readonly MoveToKeep[]): Promise<readonly MoveToKeep[]> {
  const accounts = await selectKnownIds(
    tx,
    'points_accounts',
    moves.map(({ account }) => account),
  )
  const rewards = await selectKnownRewards(
    tx,
    moves.flatMap(({ cause }) => (cause.kind === 'REDEEMED' ? cause.reward : [])),
  )
  const founded = moves.filter(({ account, cause }) => {
    return accounts.has(account) && (cause.kind !== 'REDEEMED' || rewards.has(rewardKey(cause.reward)))
  })
  const earned = founded.flatMap(({ cause }) => (cause.kind === 'EARNED' ? cause.lot.id : []))
  const lots = new Set([...earned, ...(await selectKnownIds(tx, 'points_lots', founded.flatMap(lotsOf)))])
  return founded.filter((move) => lotsOf(move).every((lot) => lots.has(lot)))
}

function lotsOf({ cause, parts }: MoveToKeep) {
  const named = cause.kind === 'EXPIRED' || cause.kind === 'REVERSED' ? [cause.lot] : []
  return [...named, ...parts.map(({ lot }) => lot)]
}
