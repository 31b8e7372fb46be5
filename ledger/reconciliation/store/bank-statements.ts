import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { BankStatement } from '../bank-entry.ts'
import type { ToldStatement } from '../statement-records.ts'

type Row = {
  readonly id: string
  readonly own_account_id: string
  readonly asset: Asset
  readonly reference: string | null
  readonly sequence: string | null
  readonly made_at: Date | null
  readonly opening_on: string | null
  readonly opening: string | null
  readonly closing_on: string | null
  readonly closing: string | null
  readonly file_digest: string
  readonly entries: number
  readonly added: number
  readonly passed_over: number
  readonly imported_by: Actor
  readonly imported_at: Date
}

export async function insertStatement(
  tx: Transaction,
  told: ToldStatement,
  { by, record }: { readonly by: Actor; readonly record: AppendedRecord },
): Promise<void> {
  const { opening, closing } = told
  await tx`
    insert into bank_statements (id, own_account_id, asset, reference, sequence, made_at, opening_on, opening, closing_on,
      closing, file_digest, entries, added, passed_over, imported_by, imported_at, record_id)
    values (${uuidOf(told.id)}, ${uuidOf(told.ownAccount)}, ${told.asset}, ${told.reference ?? null},
      ${told.sequence ?? null}, ${told.madeAt?.toISOString() ?? null}, ${opening?.date ?? null},
      ${opening === undefined ? null : `${opening.minor}`}::text::numeric, ${closing?.date ?? null},
      ${closing === undefined ? null : `${closing.minor}`}::text::numeric, ${told.fileDigest}, ${told.entries},
      ${told.added}, ${told.passedOver}, ${by}, ${record.at.toISOString()}, ${uuidOf(record.id)})`
}

export async function selectStatement(sql: Reader, id: Id<'bst'>): Promise<BankStatement | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from bank_statements s where s.id = ${uuidOf(id)}`
  return row && statementOf(row)
}

/** Up to one more than the page holds, in the page's direction; the last imported first. */
export async function selectStatements(
  sql: Reader,
  account: Id<'obk'> | undefined,
  { cursor, direction, limit }: Page,
): Promise<readonly BankStatement[]> {
  const forward = direction === 'forward'
  const [at, id] = cursor ?? []
  const from = sql`(${at ?? null}::timestamptz, ${id ?? null}::uuid)`
  const rows = await sql<Row[]>`
    select ${columns(sql)} from bank_statements s
    where true ${account === undefined ? sql`` : sql`and s.own_account_id = ${uuidOf(account)}`}
      ${id === undefined ? sql`` : forward ? sql`and (s.imported_at, s.id) < ${from}` : sql`and (s.imported_at, s.id) > ${from}`}
    order by ${forward ? sql`s.imported_at desc, s.id desc` : sql`s.imported_at, s.id`} limit ${limit + 1}`
  return rows.map(statementOf)
}

function columns(sql: Reader) {
  return sql`s.id, s.own_account_id, s.asset, s.reference, s.sequence, s.made_at, s.opening_on::text as opening_on,
    s.opening::text as opening, s.closing_on::text as closing_on, s.closing::text as closing, s.file_digest, s.entries,
    s.added, s.passed_over, s.imported_by, s.imported_at`
}

function statementOf(row: Row): BankStatement {
  return {
    id: idOf('bst', row.id),
    ownAccount: idOf('obk', row.own_account_id),
    asset: row.asset,
    reference: row.reference ?? undefined,
    sequence: row.sequence ?? undefined,
    madeAt: row.made_at ?? undefined,
    opening: balanceOf(row.opening_on, row.opening),
    closing: balanceOf(row.closing_on, row.closing),
    fileDigest: row.file_digest,
    entries: row.entries,
    added: row.added,
    passedOver: row.passed_over,
    importedBy: row.imported_by,
    importedAt: row.imported_at,
  }
}

function balanceOf(date: string | null, minor: string | null): BankStatement['opening'] {
  return date === null || minor === null ? undefined : { date, minor: BigInt(minor) }
}
