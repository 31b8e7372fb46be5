import type { Transaction } from '../../database/client.ts'
import type { Id } from '../../kernel/ids.ts'
import { HASH_BYTES } from '../merkle/hashes.ts'
import { type Places, type SealedRow, selectSealed } from '../store/sealed-records.ts'
import { outOfOrder } from './check-order.ts'
import { checkRecord } from './check-record.ts'
import type { Findings } from './findings.ts'

/** What is sealed in some places, whatever that is. */
export type LookedAt = {
  /** One after the other; zeros where no record is sealed. */
  readonly commitments: Buffer
  /** The record in a place; `undefined` when none is sealed there. */
  readonly idAt: (place: number) => Id<'rec'> | undefined
  /** Records whose transaction does not have the place that they have. */
  readonly moved: readonly SealedRow[]
  /** The last place that has a record. */
  readonly last: SealedRow | undefined
}

const PLACES_AT_ONCE = 512

/** Looks at the record in each of some places, and says what is wrong with it; in bounded memory. */
export async function lookAtEach(tx: Transaction, { from, to }: Places, found: Findings): Promise<LookedAt> {
  const commitments = Buffer.alloc((to - from) * HASH_BYTES)
  const ids = new Map<number, Id<'rec'>>()
  const moved: SealedRow[] = []
  // the two records before: whether the first ones here stand in their order is seen beside them
  let before = await selectSealed(tx, { from: from - 2, to: from })
  for (let at = from; at < to; at += PLACES_AT_ONCE) {
    const rows = await selectSealed(tx, { from: at, to: Math.min(to, at + PLACES_AT_ONCE) })
    for (const row of rows) {
      const { seq, id, commitment } = row
      if (ids.has(seq)) found.add(`place ${seq}`, 'more than one record is sealed in it')
      checkRecord(row, found)
      ids.set(seq, id)
      commitment.copy(commitments, (seq - 1 - from) * HASH_BYTES, 0, HASH_BYTES)
    }
    moved.push(...outOfOrder(before, rows))
    before = [...before, ...rows].slice(-2)
  }
  const last = before.at(-1)
  return { commitments, idAt: (place) => ids.get(place), moved, last: last && last.seq > from ? last : undefined }
}
