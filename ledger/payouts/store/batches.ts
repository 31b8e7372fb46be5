import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { BatchStatus, FileFormat, MadeFile, PayoutBatch } from '../payout-batch.ts'
import type { BatchEvent } from '../payout-records.ts'

type Row = {
  readonly id: string
  readonly asset: Asset
  readonly own_account: string
  readonly execution_date: string
  readonly payouts: number
  readonly total: string
  readonly status: BatchStatus
  readonly step: number
  readonly prepared_by: Actor
  readonly prepared_at: Date
  readonly approved_by: Actor | null
  readonly approved_at: Date | null
  readonly instructed_by: Actor | null
  readonly instructed_at: Date | null
  readonly sent_by: Actor | null
  readonly sent_at: Date | null
  readonly reason: string | null
}

/** What is prepared, without who and when: that says the record. */
export type PreparedBatch = Pick<PayoutBatch, 'id' | 'asset' | 'ownAccount' | 'executionDate' | 'payouts' | 'total'>

/** Who acted, by which record. */
type Act = { readonly by: Actor; readonly record: AppendedRecord }

export async function insertBatch(tx: Transaction, batch: PreparedBatch, { by, record }: Act): Promise<void> {
  const { id, asset, ownAccount, executionDate, payouts, total } = batch
  await tx`
    insert into payout_batches (id, asset, own_account, execution_date, payouts, total, prepared_by, prepared_at, record_id)
    values (${uuidOf(id)}, ${asset}, ${ownAccount}, ${executionDate}::text::date, ${payouts}, ${String(total)}::text::numeric,
      ${by}, ${record.at.toISOString()}, ${uuidOf(record.id)})`
}

/** Writes what happened to a batch that the transaction holds. */
export async function updateBatch(
  tx: Transaction,
  id: Id<'pob'>,
  { event, by, record }: Act & { readonly event: BatchEvent },
): Promise<void> {
  const at = record.at.toISOString()
  const when = (status: BatchStatus): readonly [Actor | null, string | null] =>
    event.event === status ? [by, at] : [null, null]
  const [approver, approvedAt] = when('APPROVED')
  const [instructor, instructedAt] = when('INSTRUCTED')
  const [sender, sentAt] = when('SENT')
  await tx`
    update payout_batches set status = ${event.event}, step = step + 1,
      approved_by = coalesce(${approver}, approved_by), approved_at = coalesce(${approvedAt}::timestamptz, approved_at),
      instructed_by = coalesce(${instructor}, instructed_by),
      instructed_at = coalesce(${instructedAt}::timestamptz, instructed_at),
      sent_by = coalesce(${sender}, sent_by), sent_at = coalesce(${sentAt}::timestamptz, sent_at),
      reason = ${event.event === 'CANCELLED' ? event.reason : null}, record_id = ${uuidOf(record.id)}
    where id = ${uuidOf(id)}`
}

/** A batch, or nothing. */
export async function findBatchRow(sql: Reader, id: Id<'pob'>): Promise<PayoutBatch | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from payout_batches b where b.id = ${uuidOf(id)}`
  return row && batchOf(row)
}

/** A batch by its id. Throws `NOT_FOUND`. */
export async function requireBatch(sql: Reader, id: string): Promise<PayoutBatch> {
  const batch = isId('pob', id) ? await findBatchRow(sql, id) : undefined
  if (batch === undefined) throw noBatch(id)
  return batch
}

/** The same, held until the transaction ends: whoever else wants to move it, or a payout in it, waits. */
export async function holdBatch(tx: Transaction, id: string): Promise<PayoutBatch> {
  if (!isId('pob', id)) throw noBatch(id)
  await tx`select from payout_batches b where b.id = ${uuidOf(id)} for no key update`
  return requireBatch(tx, id)
}

function noBatch(id: string): Fault {
  return new Fault('NOT_FOUND', `there is no payout batch ${JSON.stringify(id.slice(0, 60))}`, { field: 'batch' })
}

/** Up to one more than the page holds, in the page's direction, the last prepared first. */
export async function selectBatches(
  sql: Reader,
  status: BatchStatus | undefined,
  { cursor, direction, limit }: Page,
): Promise<readonly PayoutBatch[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    select ${columns(sql)} from payout_batches b
    where true
      ${status === undefined ? sql`` : sql`and b.status = ${status}`}
      ${from === undefined ? sql`` : forward ? sql`and b.id < ${from}::uuid` : sql`and b.id > ${from}::uuid`}
    order by b.id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(batchOf)
}

/** Tells that a file of a batch was made. */
export async function insertFile(
  tx: Transaction,
  {
    batch,
    format,
    fingerprint,
  }: { readonly batch: Id<'pob'>; readonly format: FileFormat; readonly fingerprint: string },
  { by, record }: Act,
): Promise<void> {
  await tx`
    insert into payout_files (batch_id, format, fingerprint, made_by, made_at, record_id)
    values (${uuidOf(batch)}, ${format}, ${fingerprint}, ${by}, ${record.at.toISOString()}, ${uuidOf(record.id)})`
}

/** Files that were made of a batch, the first one first, up to a thousand. */
export async function selectFiles(sql: Reader, batch: Id<'pob'>): Promise<readonly MadeFile[]> {
  const rows = await sql<{ format: FileFormat; fingerprint: string; made_by: Actor; made_at: Date }[]>`
    select format, fingerprint, made_by, made_at from payout_files where batch_id = ${uuidOf(batch)}
    order by made_at, record_id limit 1000`
  return rows.map((row) => ({
    format: row.format,
    fingerprint: row.fingerprint,
    madeBy: row.made_by,
    madeAt: row.made_at,
  }))
}

function columns(sql: Reader): Fragment {
  return sql`b.id, b.asset, b.own_account, b.execution_date::text as execution_date, b.payouts, b.total, b.status, b.step,
    b.prepared_by, b.prepared_at, b.approved_by, b.approved_at, b.instructed_by, b.instructed_at, b.sent_by, b.sent_at,
    b.reason`
}

function batchOf(row: Row): PayoutBatch {
  return {
    id: idOf('pob', row.id),
    asset: row.asset,
    ownAccount: row.own_account,
    executionDate: row.execution_date,
    payouts: row.payouts,
    total: BigInt(row.total),
    status: row.status,
    step: row.step,
    preparedBy: row.prepared_by,
    preparedAt: row.prepared_at,
    approvedBy: row.approved_by ?? undefined,
    approvedAt: row.approved_at ?? undefined,
    instructedBy: row.instructed_by ?? undefined,
    instructedAt: row.instructed_at ?? undefined,
    sentBy: row.sent_by ?? undefined,
    sentAt: row.sent_at ?? undefined,
    reason: row.reason ?? undefined,
  }
}
