import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { BankEntry, EntryKind } from '../bank-entry.ts'

export type EntryRow = {
  readonly id: string
  readonly own_account_id: string
  readonly statement_id: string
  readonly identity: string
  readonly part: number
  readonly kind: EntryKind
  readonly asset: Asset
  readonly amount: string
  readonly booked_on: string
  readonly valued_on: string | null
  readonly reversal: boolean
  readonly bank_reference: string | null
  readonly entry_reference: string | null
  readonly bank_code: string | null
  readonly end_to_end_id: string | null
  readonly instruction_id: string | null
  readonly message_id: string | null
  readonly payment_information_id: string | null
  readonly transaction_id: string | null
  readonly return_reason: string | null
  readonly counterparty_masked: string | null
  readonly counterparty_digest: string | null
  readonly sealed: Uint8Array
}

/** Waits until nobody else writes or matches entries of this account, until the transaction ends. */
export async function holdOwnAccount(tx: Transaction, account: Id<'obk'>): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`bank:${account}`}, 0))`
}

/** Those of the identities that entries of the account have. */
export async function selectKnown(
  sql: Reader,
  account: Id<'obk'>,
  identities: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql<{ identity: string }[]>`
    select distinct identity from bank_entries
    where own_account_id = ${uuidOf(account)} and identity = any (${identities as string[]}::text[])`
  return new Set(rows.map(({ identity }) => identity))
}

/** Writes entries in one statement. */
export async function insertEntries(
  tx: Transaction,
  entries: readonly BankEntry[],
  record: AppendedRecord,
): Promise<void> {
  const rows = entries.map(({ id, ownAccount, statement, minor, sealed, ...entry }) => ({
    ...entry,
    id: uuidOf(id),
    ownAccount: uuidOf(ownAccount),
    statement: uuidOf(statement),
    minor: `${minor}`,
    sealed: sealed.toString('hex'),
  }))
  await tx`
    insert into bank_entries (id, own_account_id, statement_id, identity, part, kind, asset, amount, booked_on, valued_on,
      reversal, bank_reference, entry_reference, bank_code, end_to_end_id, instruction_id, message_id,
      payment_information_id, transaction_id, return_reason, counterparty_masked, counterparty_digest, sealed,
      imported_at, record_id)
    select id, "ownAccount", statement, identity, part, kind, asset, minor, "bookedOn", "valuedOn", reversal,
      "bankReference", "entryReference", "bankCode", "endToEndId", "instructionId", "messageId", "paymentInformationId",
      "transactionId", "returnReason", "counterpartyMasked", "counterpartyDigest", decode(sealed, 'hex'),
      ${record.at.toISOString()}::timestamptz, ${uuidOf(record.id)}::uuid
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as r (id uuid, "ownAccount" uuid, statement uuid,
      identity text, part integer, kind text, asset text, minor numeric, "bookedOn" date, "valuedOn" date,
      reversal boolean, "bankReference" text, "entryReference" text, "bankCode" text, "endToEndId" text,
      "instructionId" text, "messageId" text, "paymentInformationId" text, "transactionId" text, "returnReason" text,
      "counterpartyMasked" text, "counterpartyDigest" text, sealed text)`
}

/** How many entries a statement told first. */
export async function countAdded(sql: Reader, statement: Id<'bst'>): Promise<number> {
  const [row] = await sql<{ added: string }[]>`
    select count(*) as added from bank_entries where statement_id = ${uuidOf(statement)}`
  return Number(row?.added ?? 0)
}

export function entryColumns(sql: Reader): Fragment {
  return sql`e.id, e.own_account_id, e.statement_id, e.identity, e.part, e.kind, e.asset, e.amount::text as amount,
    e.booked_on::text as booked_on, e.valued_on::text as valued_on, e.reversal, e.bank_reference, e.entry_reference,
    e.bank_code, e.end_to_end_id, e.instruction_id, e.message_id, e.payment_information_id, e.transaction_id,
    e.return_reason, e.counterparty_masked, e.counterparty_digest, e.sealed`
}

export function entryOfRow(row: EntryRow): BankEntry {
  return {
    id: idOf('bke', row.id),
    ownAccount: idOf('obk', row.own_account_id),
    statement: idOf('bst', row.statement_id),
    identity: row.identity,
    part: row.part,
    kind: row.kind,
    asset: row.asset,
    minor: BigInt(row.amount),
    bookedOn: row.booked_on,
    valuedOn: row.valued_on ?? undefined,
    reversal: row.reversal,
    bankReference: row.bank_reference ?? undefined,
    entryReference: row.entry_reference ?? undefined,
    bankCode: row.bank_code ?? undefined,
    endToEndId: row.end_to_end_id ?? undefined,
    instructionId: row.instruction_id ?? undefined,
    messageId: row.message_id ?? undefined,
    paymentInformationId: row.payment_information_id ?? undefined,
    transactionId: row.transaction_id ?? undefined,
    returnReason: row.return_reason ?? undefined,
    counterpartyMasked: row.counterparty_masked ?? undefined,
    counterpartyDigest: row.counterparty_digest ?? undefined,
    sealed: Buffer.from(row.sealed),
  }
}
