import { uuidOf } from '../../kernel/ids.ts'
import type { SealedRow } from '../store/sealed-records.ts'

/**
 * The records whose transaction is not the one whose turn it was: places follow the order of transactions, then of ids.
 * Where a place belongs before the one that precedes it, one of the two was moved: the earlier, if without it the order
 * is right, else the later. `before` are the two rows ahead of `rows`, and are not judged by themselves.
 */
export function outOfOrder(before: readonly SealedRow[], rows: readonly SealedRow[]): readonly SealedRow[] {
  const all = [...before, ...rows].filter(({ record }) => record !== undefined)
  const known = before.at(-1)?.seq ?? 0
  return all.flatMap((later, index) => {
    const [first, earlier] = [all[index - 2], all[index - 1]]
    if (!earlier || later.seq <= known || isBefore(earlier, later)) return []
    return [!first || isBefore(first, later) ? earlier : later]
  })
}

function isBefore(one: SealedRow, other: SealedRow): boolean {
  const [mine, theirs] = [BigInt(one.record?.txId ?? 0), BigInt(other.record?.txId ?? 0)]
  return mine === theirs ? uuidOf(one.id) < uuidOf(other.id) : mine < theirs
}
