import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { AccountFace, OwnAccount, OwnAccountStatus } from '../bank-account.ts'
import type { SealedDetails } from '../seal-details.ts'
import {
  type Act,
  base64Of,
  type CommonRow,
  commonColumns,
  commonOf,
  type SealedRow,
  sealedOf,
} from './account-rows.ts'

type OwnAccountRow = CommonRow & { readonly code: string; readonly name: string; readonly status: OwnAccountStatus }

/** An account of ours as it is entered. */
export type EnteredOwnAccount = AccountFace & { readonly id: Id<'obk'>; readonly code: string; readonly name: string }

export async function insertOwnAccount(
  tx: Transaction,
  { id, code, name, ...face }: EnteredOwnAccount,
  { by, record, ...sealed }: Act & SealedDetails,
): Promise<void> {
  await tx`
    insert into own_accounts (id, code, asset, name, scheme, country, bank_code, masked, sealed, key_version, entered_by,
      entered_at, record_id)
    values (${uuidOf(id)}, ${code}, ${face.asset}, ${name}, ${face.scheme}, ${face.country}, ${face.bankCode},
      ${face.masked}, decode(${base64Of(sealed)}, 'base64'), ${sealed.keyVersion}, ${by}, ${record.at.toISOString()},
      ${uuidOf(record.id)})`
}

/** Verifies an account of ours; says whether there was one that waits for it. */
export async function verifyOwnAccountRow(
  tx: Transaction,
  id: Id<'obk'>,
  { checked, by, record }: Act & { readonly checked: string },
): Promise<boolean> {
  const rows = await tx`
    update own_accounts set status = 'VERIFIED', verified_by = ${by}, verified_at = ${record.at.toISOString()},
      checked = ${checked}, record_id = ${uuidOf(record.id)}
    where id = ${uuidOf(id)} and status = 'PROPOSED'`
  return rows.count === 1
}

/** Rejects an account of ours; says whether there was one that waits. */
export async function rejectOwnAccountRow(
  tx: Transaction,
  id: Id<'obk'>,
  { reason, by, record }: Act & { readonly reason: string },
): Promise<boolean> {
  const rows = await tx`
    update own_accounts set status = 'REJECTED', ended_by = ${by}, ended_at = ${record.at.toISOString()}, reason = ${reason},
      record_id = ${uuidOf(record.id)}
    where id = ${uuidOf(id)} and status = 'PROPOSED'`
  return rows.count === 1
}

/** The account of ours with this code that was not rejected, held until the transaction ends, or nothing. */
export async function holdOwnAccount(tx: Transaction, code: string): Promise<OwnAccount | undefined> {
  await tx`select from own_accounts where code = ${code} and status <> 'REJECTED' for no key update`
  return selectOwnAccount(tx, code)
}

/** The account of ours with this code that was not rejected, or nothing. */
export async function selectOwnAccount(sql: Reader, code: string): Promise<OwnAccount | undefined> {
  const [row] = await sql<OwnAccountRow[]>`
    select ${columns(sql)} from own_accounts a where a.code = ${code} and a.status <> 'REJECTED'`
  return row && ownAccountOf(row)
}

/** An account of ours by its id, rejected or not. */
export async function selectOwnAccountById(sql: Reader, id: Id<'obk'>): Promise<OwnAccount | undefined> {
  const [row] = await sql<OwnAccountRow[]>`select ${columns(sql)} from own_accounts a where a.id = ${uuidOf(id)}`
  return row && ownAccountOf(row)
}

/** The sealed details of an account of ours. */
export async function selectSealedOwnAccount(sql: Reader, id: Id<'obk'>): Promise<SealedDetails | undefined> {
  const [row] = await sql<SealedRow[]>`select sealed, key_version from own_accounts where id = ${uuidOf(id)}`
  return row && sealedOf(row)
}

/** The last thousand accounts of ours that were entered, by code, then the last one first. */
export async function selectOwnAccounts(sql: Reader): Promise<readonly OwnAccount[]> {
  const rows = await sql<OwnAccountRow[]>`
    select ${columns(sql)} from own_accounts a order by a.code, a.id desc limit 1000`
  return rows.map(ownAccountOf)
}

function columns(sql: Reader): Fragment {
  return sql`${commonColumns(sql)}, a.code, a.name`
}

function ownAccountOf(row: OwnAccountRow): OwnAccount {
  return { id: idOf('obk', row.id), code: row.code, name: row.name, status: row.status, ...commonOf(row) }
}
