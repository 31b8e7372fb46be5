import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { Invoice, InvoiceDifference, InvoiceKind, InvoiceStatus, RegisteredInvoice } from '../invoice.ts'

type InvoiceRow = {
  readonly id: string
  readonly statement_id: string
  readonly partner_id: string
  readonly kind: InvoiceKind
  readonly code: string
  readonly number: string
  readonly issued_on: string
  readonly asset: Asset
  readonly gross: string
  readonly vat: string
  readonly status: InvoiceStatus
  readonly differs: InvoiceDifference[]
  readonly registered_by: Actor
  readonly registered_at: Date
  readonly ended_by: Actor | null
  readonly ended_at: Date | null
  readonly reason: string | null
  readonly credit_note: string | null
  readonly statement_number: string
  readonly expected_asset: Asset
  readonly expected_gross: string
  readonly expected_vat: string
}

/** Who acted, by which record. */
type Act = { readonly by: Actor; readonly record: AppendedRecord }

export async function insertInvoice(tx: Transaction, invoice: RegisteredInvoice, { by, record }: Act): Promise<void> {
  const { id, statement, partner, kind, code, number, issuedOn, asset, gross, vat, differs } = invoice
  await tx`
    insert into invoices (id, statement_id, partner_id, kind, code, number, issued_on, asset, gross, vat, status, differs,
      registered_by, registered_at, record_id)
    values (${uuidOf(id)}, ${uuidOf(statement)}, ${uuidOf(partner)}, ${kind}, ${code}, ${number}, ${issuedOn}::text::date,
      ${asset}, ${`${gross}`}::text::numeric, ${`${vat}`}::text::numeric, ${differs.length === 0 ? 'MATCHED' : 'DIFFERS'},
      ${[...differs]}::text[], ${by}, ${record.at.toISOString()}, ${uuidOf(record.id)})`
}

/** Whether another invoice stands in the way of this one: its number is taken, or its statement is matched. */
export async function isHindered(tx: Transaction, invoice: RegisteredInvoice): Promise<boolean> {
  const { partner, code, number, statement, differs } = invoice
  const rows = await tx`
    select from invoices
    where (partner_id = ${uuidOf(partner)} and code = ${code} and number = ${number} and status <> 'WITHDRAWN')
      or (${differs.length === 0} and statement_id = ${uuidOf(statement)} and status = 'MATCHED') limit 1`
  return rows.count > 0
}

/** How an invoice ends. */
export type InvoiceEnd = { readonly reason: string; readonly creditNote: string | undefined }

/** Ends an invoice that stands: credited when there is a credit note, else withdrawn. Says whether there was one. */
export async function endInvoiceRow(
  tx: Transaction,
  id: Id<'inv'>,
  { reason, creditNote, by, record }: Act & InvoiceEnd,
): Promise<boolean> {
  const rows = await tx`
    update invoices set status = ${creditNote === undefined ? 'WITHDRAWN' : 'CREDITED'}, ended_by = ${by},
      ended_at = ${record.at.toISOString()}, reason = ${reason}, credit_note = ${creditNote ?? null},
      record_id = ${uuidOf(record.id)}
    where id = ${uuidOf(id)} and status in ('MATCHED', 'DIFFERS')`
  return rows.count === 1
}

/**
 * The invoice with this id, held until the transaction ends, or nothing. Its statement is held first, as by whoever pays it: of
 * paying and withdrawing one is first.
 */
export async function holdInvoice(
  tx: Transaction,
  which: { readonly id: Id<'inv'>; readonly partner: Id<'ptr'> | undefined },
): Promise<Invoice | undefined> {
  await tx`
    select from statements where id = (select statement_id from invoices where id = ${uuidOf(which.id)}) for no key update`
  await tx`select from invoices where id = ${uuidOf(which.id)} for no key update`
  return selectInvoice(tx, which)
}

/** Whether money of a statement is on its way or gone. */
export async function isInPayment(tx: Transaction, statement: Id<'sta'>): Promise<boolean> {
  const rows = await tx`select from statements_in_payment where statement_id = ${uuidOf(statement)} limit 1`
  return rows.count > 0
}

/** An invoice; with a partner, only one of its own. */
export async function selectInvoice(
  sql: Reader,
  { id, partner }: { readonly id: Id<'inv'>; readonly partner?: Id<'ptr'> | undefined },
): Promise<Invoice | undefined> {
  const owner = partner === undefined ? null : uuidOf(partner)
  const [row] = await sql<InvoiceRow[]>`
    select ${columns(sql)} from invoices i join statements s on s.id = i.statement_id
    where i.id = ${uuidOf(id)} and (${owner}::uuid is null or i.partner_id = ${owner}::uuid)`
  return row && invoiceOf(row)
}

/** Which invoices a list holds; absent means all. */
export type InvoiceFilter = {
  readonly partner?: Id<'ptr'> | undefined
  readonly statement?: Id<'sta'> | undefined
  readonly status?: InvoiceStatus | undefined
}

/** Up to one more than the page holds, in the page's direction; the last registered first. */
export async function selectInvoices(
  sql: Reader,
  { partner, statement, status }: InvoiceFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly Invoice[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<InvoiceRow[]>`
    select ${columns(sql)} from invoices i join statements s on s.id = i.statement_id
    where true
      ${partner === undefined ? sql`` : sql`and i.partner_id = ${uuidOf(partner)}`}
      ${statement === undefined ? sql`` : sql`and i.statement_id = ${uuidOf(statement)}`}
      ${status === undefined ? sql`` : sql`and i.status = ${status}`}
      ${from === undefined ? sql`` : forward ? sql`and i.id < ${from}::uuid` : sql`and i.id > ${from}::uuid`}
    order by i.id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(invoiceOf)
}

function columns(sql: Reader): Fragment {
  return sql`i.id, i.statement_id, i.partner_id, i.kind, i.code, i.number, i.issued_on::text as issued_on, i.asset,
    i.gross::text as gross, i.vat::text as vat, i.status, i.differs, i.registered_by, i.registered_at, i.ended_by,
    i.ended_at, i.reason, i.credit_note, s.number as statement_number, s.asset as expected_asset,
    s.payout::text as expected_gross, s.vat::text as expected_vat`
}

function invoiceOf(row: InvoiceRow): Invoice {
  return {
    id: idOf('inv', row.id),
    statement: idOf('sta', row.statement_id),
    partner: idOf('ptr', row.partner_id),
    ...{ kind: row.kind, code: row.code, number: row.number, issuedOn: row.issued_on },
    ...{ asset: row.asset, gross: BigInt(row.gross), vat: BigInt(row.vat) },
    status: row.status,
    differs: row.differs,
    statementNumber: row.statement_number,
    expected: { asset: row.expected_asset, gross: BigInt(row.expected_gross), vat: BigInt(row.expected_vat) },
    registeredBy: row.registered_by,
    registeredAt: row.registered_at,
    endedBy: row.ended_by ?? undefined,
    endedAt: row.ended_at ?? undefined,
    reason: row.reason ?? undefined,
    creditNote: row.credit_note ?? undefined,
  }
}
