import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AccountFace, BankAccount, BankAccountStatus } from '../bank-account.ts'
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

type BankAccountRow = CommonRow & {
  readonly partner_id: string
  readonly status: BankAccountStatus
  readonly usable_from: Date | null
}

/** An account as it is entered. */
export type EnteredAccount = AccountFace & { readonly id: Id<'bka'>; readonly partner: Id<'ptr'> }

export async function insertBankAccount(
  tx: Transaction,
  { id, partner, ...face }: EnteredAccount,
  { by, record, ...sealed }: Act & SealedDetails,
): Promise<void> {
  await tx`
    insert into bank_accounts (id, partner_id, asset, scheme, country, bank_code, masked, sealed, key_version, entered_by,
      entered_at, record_id)
    values (${uuidOf(id)}, ${uuidOf(partner)}, ${face.asset}, ${face.scheme}, ${face.country}, ${face.bankCode},
      ${face.masked}, decode(${base64Of(sealed)}, 'base64'), ${sealed.keyVersion}, ${by}, ${record.at.toISOString()},
      ${uuidOf(record.id)})`
}

export type Verification = { readonly checked: string; readonly usableFrom: Date }

/** Verifies an account that was entered; says whether there was one that waits for it. */
export async function verifyBankAccountRow(
  tx: Transaction,
  id: Id<'bka'>,
  { checked, usableFrom, by, record }: Act & Verification,
): Promise<boolean> {
  const rows = await tx`
    update bank_accounts set status = 'VERIFIED', verified_by = ${by}, verified_at = ${record.at.toISOString()},
      checked = ${checked}, usable_from = ${usableFrom.toISOString()}, record_id = ${uuidOf(record.id)}
    where id = ${uuidOf(id)} and status = 'PROPOSED'`
  return rows.count === 1
}

/** How an account ends, and what it is before. */
export const ENDS = { REJECTED: 'PROPOSED', REVOKED: 'VERIFIED' } as const
export type AccountEnd = keyof typeof ENDS

/** Ends an account; says whether there was one to end so. */
export async function endBankAccountRow(
  tx: Transaction,
  id: Id<'bka'>,
  { end, reason, by, record }: Act & { readonly end: AccountEnd; readonly reason: string },
): Promise<boolean> {
  const rows = await tx`
    update bank_accounts set status = ${end}, ended_by = ${by}, ended_at = ${record.at.toISOString()}, reason = ${reason},
      record_id = ${uuidOf(record.id)}
    where id = ${uuidOf(id)} and status = ${ENDS[end]}`
  return rows.count === 1
}

/** The account with this id, held until the transaction ends, or nothing. */
export async function holdBankAccount(tx: Transaction, id: Id<'bka'>): Promise<BankAccount | undefined> {
  await tx`select from bank_accounts where id = ${uuidOf(id)} for no key update`
  return selectBankAccount(tx, { id })
}

/** An account; with a partner, only one of its own. */
export async function selectBankAccount(
  sql: Reader,
  { id, partner }: { readonly id: Id<'bka'>; readonly partner?: Id<'ptr'> | undefined },
): Promise<BankAccount | undefined> {
  const owner = partner === undefined ? null : uuidOf(partner)
  const [row] = await sql<BankAccountRow[]>`
    select ${columns(sql)} from bank_accounts a
    where a.id = ${uuidOf(id)} and (${owner}::uuid is null or a.partner_id = ${owner}::uuid)`
  return row && bankAccountOf(row)
}

/** The sealed details of an account. */
export async function selectSealedBankAccount(sql: Reader, id: Id<'bka'>): Promise<SealedDetails | undefined> {
  const [row] = await sql<SealedRow[]>`select sealed, key_version from bank_accounts where id = ${uuidOf(id)}`
  return row && sealedOf(row)
}

/** Makes whoever verifies an account of this partner wait, and says whether one was verified before. */
export async function hadAccount(tx: Transaction, partner: Id<'ptr'>): Promise<boolean> {
  await tx`select pg_advisory_xact_lock(hashtextextended('bank accounts of ' || ${uuidOf(partner)}, 0))`
  const rows = await tx`
    select from bank_accounts where partner_id = ${uuidOf(partner)} and verified_at is not null limit 1`
  return rows.count > 0
}

/** Which accounts a list holds; absent means all. */
export type BankAccountFilter = {
  readonly partner?: Id<'ptr'> | undefined
  readonly status?: BankAccountStatus | undefined
}

/** Up to one more than the page holds, in the page's direction; the last entered first. */
export async function selectBankAccounts(
  sql: Reader,
  { partner, status }: BankAccountFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly BankAccount[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<BankAccountRow[]>`
    select ${columns(sql)} from bank_accounts a
    where true
      ${partner === undefined ? sql`` : sql`and a.partner_id = ${uuidOf(partner)}`}
      ${status === undefined ? sql`` : sql`and a.status = ${status}`}
      ${from === undefined ? sql`` : forward ? sql`and a.id < ${from}::uuid` : sql`and a.id > ${from}::uuid`}
    order by a.id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(bankAccountOf)
}

function columns(sql: Reader): Fragment {
  return sql`${commonColumns(sql)}, a.partner_id, a.usable_from`
}

function bankAccountOf(row: BankAccountRow): BankAccount {
  return {
    id: idOf('bka', row.id),
    partner: idOf('ptr', row.partner_id),
    status: row.status,
    usableFrom: row.usable_from ?? undefined,
    ...commonOf(row),
  }
}
