import { asc, inArray, lt } from 'drizzle-orm'
import type { Reader, Transaction } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import type { Purpose } from '../purpose.ts'
import { purposes } from '../tables.ts'

/** A purpose as a record tells of it: `version` counts how often it was written. */
export type PurposeVersion = { readonly purpose: Purpose; readonly version: number; readonly createdAt: Date }

/** The purposes with these keys, or all of them. There are some dozens, not thousands. */
export async function selectPurposes(sql: Reader, keys?: readonly string[]): Promise<readonly Purpose[]> {
  const rows = await orm(sql)
    .select()
    .from(purposes)
    .where(keys && inArray(purposes.key, [...keys]))
    .orderBy(asc(purposes.key))
  return rows.map(purposeOf)
}

/** The same, each held until the transaction ends, and how often it was written. */
export async function holdPurposes(tx: Transaction, keys: readonly string[]): Promise<readonly PurposeVersion[]> {
  const rows = await orm(tx)
    .select()
    .from(purposes)
    .where(inArray(purposes.key, [...keys]))
    .orderBy(asc(purposes.key))
    .for('no key update')
  return rows.map((row) => ({ purpose: purposeOf(row), version: row.version, createdAt: row.createdAt }))
}

function purposeOf({ version: _, createdAt: __, ...purpose }: typeof purposes.$inferSelect): Purpose {
  return purpose
}

/** Adds purposes whose keys are free; one that is added at the same moment elsewhere is waited for. Returns the added keys. */
export async function insertPurposes(
  tx: Transaction,
  added: readonly Purpose[],
  createdAt: Date,
): Promise<ReadonlySet<string>> {
  if (added.length === 0) return new Set()
  const rows = await orm(tx)
    .insert(purposes)
    .values(added.map((purpose) => rowOf({ purpose, version: 1, createdAt })))
    .onConflictDoNothing()
    .returning({ key: purposes.key })
  return new Set(rows.map(({ key }) => key))
}

/** Writes a version of a purpose, unless a later one stands there. Its description is that of the first. */
export async function keepPurpose(tx: Transaction, kept: PurposeVersion): Promise<void> {
  const { nameEn, nameZh, tagKeys } = kept.purpose
  const { version } = kept
  await orm(tx)
    .insert(purposes)
    .values(rowOf(kept))
    .onConflictDoUpdate({
      target: purposes.key,
      set: { nameEn, nameZh, tagKeys: [...tagKeys], version },
      setWhere: lt(purposes.version, version),
    })
}

function rowOf({ purpose, version, createdAt }: PurposeVersion): typeof purposes.$inferInsert {
  return { ...purpose, tagKeys: [...purpose.tagKeys], version, createdAt }
}
