import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { appendRecords } from '../../records/append-records.ts'
import { withRecords } from '../facts/with-records.ts'
import type { Entry, Posting } from '../journal/entry.ts'
import { postEntries } from '../journal/post-entries.ts'
import type { PointsAccount } from './points-account.ts'
import type { PointsMove } from './points-move.ts'
import { moveRecord } from './points-records.ts'
import { insertMoves } from './store/points-moves.ts'

/** A move, and what the journal says of it. */
export type PostedMove = {
  readonly move: PointsMove
  readonly account: PointsAccount
  readonly postings: readonly Posting[]
  /** When and where in the journal, where it is not the move's own time and no period. */
  readonly entry?: Pick<Entry, 'at' | 'period'>
}

const DESCRIPTIONS: Readonly<Record<PointsMove['cause']['kind'], string>> = {
  EARNED: 'Points earned',
  REDEEMED: 'Points redeemed',
  EXPIRED: 'Points expired',
  REVERSED: 'Points taken back',
}
const AT_ONCE = 2000

/** Writes moves of accounts that the transaction holds: their records, their rows, and an entry for each. */
export async function writeMoves(context: Context, tx: Transaction, moves: readonly PostedMove[]): Promise<void> {
  for (let from = 0; from < moves.length; from += AT_ONCE) {
    const batch = moves.slice(from, from + AT_ONCE)
    const records = await appendRecords(
      context,
      tx,
      batch.map(({ move, account }) => moveRecord(move, account)),
    )
    await insertMoves(
      tx,
      withRecords(
        batch.map(({ move }) => move),
        records,
      ),
    )
    await postEntries(context, tx, batch.map(entryOf))
  }
}

function entryOf({ move: { id, at, cause }, account, postings, entry }: PostedMove): Entry {
  const description = `${DESCRIPTIONS[cause.kind]}: ${account.id}`
  return { at, ...entry, description, reference: `points:${id}`, postings }
}
