import { asc, eq, inArray } from 'drizzle-orm'
import type { Reader, Transaction } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import type { Purpose } from '../purpose.ts'
import { purposes } from '../tables.ts'

/** The purposes with these keys, or all of them. There are some dozens, not thousands. */
export async function selectPurposes(sql: Reader, keys?: readonly string[]): Promise<readonly Purpose[]> {
  return orm(sql)
    .select()
    .from(purposes)
    .where(keys && inArray(purposes.key, [...keys]))
    .orderBy(asc(purposes.key))
}

/** Adds purposes whose keys are free; one that is added at the same moment elsewhere is waited for and kept. */
export async function insertPurposes(tx: Transaction, added: readonly Purpose[]): Promise<void> {
  const rows = added.map(({ tagKeys, ...purpose }) => ({ ...purpose, tagKeys: [...tagKeys] }))
  if (rows.length > 0) await orm(tx).insert(purposes).values(rows).onConflictDoNothing()
}

/** Changes a purpose's names and its catalogue of tags. */
export async function updatePurpose(tx: Transaction, { key, nameEn, nameZh, tagKeys }: Purpose): Promise<void> {
  await orm(tx)
    .update(purposes)
    .set({ nameEn, nameZh, tagKeys: [...tagKeys] })
    .where(eq(purposes.key, key))
}
