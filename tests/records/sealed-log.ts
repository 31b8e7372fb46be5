import type { Pool } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { appendRecords } from '../../records/append-records.ts'
import { sealRecords } from '../../records/seal-records.ts'

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
