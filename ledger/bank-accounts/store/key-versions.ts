import type { Reader, Transaction } from '../../../database/client.ts'
import { idOf, uuidOf } from '../../../kernel/ids.ts'
import type { AccountId, SealedDetails } from '../seal-details.ts'
import { type Act, base64Of, type SealedRow, sealedOf } from './account-rows.ts'

/** Tables whose rows are sealed under the key, and whose ids they have. */
export const SEALED_TABLES = { bank_accounts: 'bka', own_accounts: 'obk' } as const

export type SealedTable = keyof typeof SEALED_TABLES

/** The version of the key that seals what is new; no other one begins before the transaction ends. */
export async function holdKeyVersion(tx: Transaction): Promise<number> {
  await tx`select pg_advisory_xact_lock_shared(hashtextextended('bank key versions', 0))`
  return selectKeyVersion(tx)
}

/** The same, and nobody seals anything new before the transaction ends. */
export async function seizeKeyVersion(tx: Transaction): Promise<number> {
  await tx`select pg_advisory_xact_lock(hashtextextended('bank key versions', 0))`
  return selectKeyVersion(tx)
}

async function selectKeyVersion(sql: Reader): Promise<number> {
  const [row] = await sql<{ version: number }[]>`select coalesce(max(version), 1) as version from bank_key_versions`
  return row?.version ?? 1
}

export async function insertKeyVersion(tx: Transaction, version: number, { by, record }: Act): Promise<void> {
  await tx`
    insert into bank_key_versions (version, begun_by, begun_at, record_id)
    values (${version}, ${by}, ${record.at.toISOString()}, ${uuidOf(record.id)})`
}

/** How many rows are sealed under an older version. */
export async function countOlder(sql: Reader, version: number): Promise<number> {
  const [row] = await sql<{ count: string }[]>`
    select (select count(*) from bank_accounts where key_version < ${version})
      + (select count(*) from own_accounts where key_version < ${version}) as count`
  return Number(row?.count ?? 0)
}

/** Some rows under an older version, held until the transaction ends. */
export async function holdOlder(
  tx: Transaction,
  table: SealedTable,
  { version, limit }: { readonly version: number; readonly limit: number },
): Promise<readonly (SealedDetails & { readonly id: AccountId })[]> {
  const rows = await tx<(SealedRow & { readonly id: string })[]>`
    select id, sealed, key_version from ${tx(table)}
    where key_version < ${version} order by key_version, id limit ${limit} for no key update`
  return rows.map((row) => ({ id: idOf(SEALED_TABLES[table], row.id), ...sealedOf(row) }))
}

/** Puts a row under another version of the key. */
export async function resealRow(
  tx: Transaction,
  table: SealedTable,
  id: AccountId,
  sealed: SealedDetails,
): Promise<void> {
  await tx`
    update ${tx(table)} set sealed = decode(${base64Of(sealed)}, 'base64'), key_version = ${sealed.keyVersion}
    where id = ${uuidOf(id)}`
}
