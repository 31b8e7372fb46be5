import { expect } from 'vitest'
import type { Pool } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { appendRecords } from '../../records/append-records.ts'
import { appendEntries, EMPTY_TREE, rootOf } from '../../records/merkle/tiles.ts'
import { sealRecords } from '../../records/seal-records.ts'
import { selectTree } from '../../records/store/seals.ts'
import type { TestWorld } from '../support/database.ts'

/** Appends so many records in one transaction. */
export async function appendSome(context: Context, count: number): Promise<readonly Id<'rec'>[]> {
  const records = Array.from({ length: count }, (_, n) => ({ kind: 'import', data: { n: BigInt(n) } }) as const)
  const appended = await context.database.transaction((tx) => appendRecords(context, tx, records))
  return appended.map(({ id }) => id)
}

/** Seals until nothing is left, and returns how many were sealed. Other tests' transactions may hold it up for a moment. */
export async function sealAll(context: Context, owner: Pool, limit?: number): Promise<number> {
  for (let sealed = 0; ; ) {
    sealed += await sealRecords(context, limit)
    const [row] = await owner<{ left: boolean }[]>`
      select exists (select from records r where not exists (select from seals s where s.record_id = r.id)) as left`
    if (row?.left === false) return sealed
  }
}

/** What must hold of any sealed log. */
export async function expectSound(world: TestWorld): Promise<void> {
  const rows = await world.owner<{ seq: string; record_id: string; commitment: Buffer }[]>`
    select seq, record_id, commitment from seals order by seq`
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, index) => String(index + 1)))
  const ordered = await world.owner<{ id: string; commitment: Buffer }[]>`
    select r.id, sha256(r.salt || convert_to(r.body, 'UTF8')) as commitment from records r order by r.tx_id, r.id`
  expect(rows.map(({ record_id }) => record_id)).toEqual(ordered.map(({ id }) => id))
  const entries = Buffer.concat(ordered.map(({ commitment }) => commitment))
  expect(Buffer.concat(rows.map(({ commitment }) => commitment)).equals(entries)).toBe(true)
  const { tree, full } = appendEntries(EMPTY_TREE, entries)
  const stored = await selectTree(world.context.database.reads)
  expect(stored.size).toBe(rows.length)
  expect(rootOf(stored)).toEqual(rootOf(tree))
  const tiles = await world.owner<
    { level: number; index: string; hashes: Buffer }[]
  >`select * from tree_tiles order by level, index`
  expect(tiles.map(({ level, index, hashes }) => [level, Number(index), hashes.toString('hex')])).toEqual(
    full.map(({ level, index, hashes }) => [level, index, hashes.toString('hex')]),
  )
}
