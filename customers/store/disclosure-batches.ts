import type { Reader, Transaction } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { DisclosureBatch, Through } from '../disclosure-batch.ts'

/** Where the batches stand. */
export type BatchHead = {
  readonly batch: number
  /** The last batch of a log that was taken over: neither it nor those before it are kept here. */
  readonly takenOver: number
  readonly through: Through
  /** The last disclosure is of a transaction that this server has not begun yet: another server's. */
  readonly foreign: boolean
}

/**
 * Takes the turn until the transaction ends, and reads where the batches stand: two statements, because one that waited
 * for the lock still sees the transactions that ran before it waited.
 */
export async function takeBatchTurn(tx: Transaction): Promise<BatchHead> {
  await tx`select from disclosure_head where one for update`
  const head = await selectBatchHead(tx)
  invariant(head, 'the head of the batches of disclosures is there')
  return head
}

/** Where the batches stand, without taking the turn. */
export async function selectBatchHead(sql: Reader): Promise<BatchHead | undefined> {
  const [row] = await sql<HeadRow[]>`
    select h.batch, h.taken_over, h.tx_id::text as place_tx, h.disclosure_id,
           h.tx_id >= pg_snapshot_xmax(pg_current_snapshot()) as foreign
    from disclosure_head h where h.one`
  if (row === undefined) return undefined
  const { batch, taken_over, place_tx, disclosure_id, foreign } = row
  return { batch: Number(batch), takenOver: Number(taken_over), through: throughOf(place_tx, disclosure_id), foreign }
}

type HeadRow = { batch: string; taken_over: string; place_tx: string; disclosure_id: string; foreign: boolean }

/** Lets batches go on behind those of a log that is taken over. */
export async function takeOverBatches(tx: Transaction, last: number): Promise<void> {
  await tx`
    update disclosure_head set taken_over = ${last}::bigint, batch = ${last}::bigint
    where one and batch = taken_over and batch < ${last}::bigint`
}

/** Keeps a batch with its record, and moves the head behind it. */
export async function insertBatch(
  tx: Transaction,
  { batch, through, count, root }: DisclosureBatch,
  record: Id<'rec'>,
): Promise<void> {
  await tx`
    with added as (
      insert into disclosure_batches (batch, through_tx, through_id, count, root, record_id)
      values (${batch}::bigint, ${through.txId}::xid8, ${uuidOf(through.disclosure)}::uuid, ${count},
              decode(${root.toString('hex')}, 'hex'), ${uuidOf(record)}::uuid)
      returning batch, through_tx, through_id
    )
    update disclosure_head h set batch = added.batch, tx_id = added.through_tx, disclosure_id = added.through_id
    from added where h.one`
}

/** A batch as it is kept, where it begins, and the body of its record if there is one. */
export type StoredBatch = DisclosureBatch & {
  readonly after: Through
  readonly record: Id<'rec'>
  readonly body: string | undefined
}

type Row = {
  batch: string
  through_tx: string
  through_id: string
  after_tx: string
  after_id: string
  count: number
  root: Buffer
  record_id: string
  body: string | null
}

/** The batch that a disclosure in this place belongs to, if there is one already. */
export async function selectBatchAt(sql: Reader, { txId, disclosure }: Through): Promise<StoredBatch | undefined> {
  const [row] = await sql<Row[]>`
    select ${columns(sql)}
    where (b.through_tx, b.through_id) >= (${txId}::xid8, ${uuidOf(disclosure)}::uuid)
    order by b.through_tx, b.through_id limit 1`
  return row && batchOf(row)
}

/** The next batches behind one, by their numbers. */
export async function selectBatchesAfter(sql: Reader, batch: number, limit: number): Promise<readonly StoredBatch[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} where b.batch > ${batch}::bigint order by b.batch limit ${limit}`
  return rows.map(batchOf)
}

/** Records of batches that are not kept as such, and were made here. */
export async function selectUnkeptBatches(sql: Reader, limit: number): Promise<readonly Id<'rec'>[]> {
  const rows = await sql<{ id: string }[]>`
    select r.id from disclosure_head h join records r on r.kind = 'disclosure_batch'
      and (r.body::jsonb #>> '{data,batch}')::bigint > h.taken_over
    where h.one and not exists (select from disclosure_batches b where b.record_id = r.id)
    order by r.id limit ${limit}`
  return rows.map(({ id }) => idOf('rec', id))
}

function columns(sql: Reader) {
  return sql`
    b.batch, b.through_tx::text as through_tx, b.through_id, coalesce(p.through_tx, '0')::text as after_tx,
    coalesce(p.through_id, '00000000-0000-0000-0000-000000000000') as after_id, b.count, b.root, b.record_id, r.body
    from disclosure_batches b
    left join disclosure_batches p on p.batch = b.batch - 1
    left join records r on r.id = b.record_id and r.kind = 'disclosure_batch'`
}

function batchOf({
  batch,
  through_tx,
  through_id,
  after_tx,
  after_id,
  count,
  root,
  record_id,
  body,
}: Row): StoredBatch {
  return {
    batch: Number(batch),
    through: throughOf(through_tx, through_id),
    after: throughOf(after_tx, after_id),
    count,
    root,
    record: idOf('rec', record_id),
    body: body ?? undefined,
  }
}

function throughOf(txId: string, disclosure: string): Through {
  return { txId, disclosure: idOf('dis', disclosure) }
}
