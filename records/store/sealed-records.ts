import type { Reader } from '../../database/client.ts'
import { type Id, idOf } from '../../kernel/ids.ts'
import type { SealHead } from './seals.ts'

/** A place in the log, and the record that stands there, as the tables have them. */
export type SealedRow = {
  readonly seq: number
  readonly id: Id<'rec'>
  readonly commitment: Buffer
  /** `undefined` when there is no such record. */
  readonly record:
    | {
        readonly kind: string
        readonly body: string
        readonly salt: Buffer
        readonly at: Date
        readonly partner: Id<'ptr'> | undefined
      }
    | undefined
}

type Row = {
  seq: string
  record_id: string
  commitment: Buffer
  kind: string | null
  body: string
  salt: Buffer
  recorded_at: Date
  partner_id: string | null
}

/** The places behind `from` up to `to`, those that there are, in order. */
export async function selectSealed(
  sql: Reader,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly SealedRow[]> {
  const rows = await sql<Row[]>`
    select s.seq, s.record_id, s.commitment, r.kind, r.body, r.salt, r.recorded_at, r.partner_id
    from seals s left join records r on r.id = s.record_id
    where s.seq > ${from}::bigint and s.seq <= ${to}::bigint order by s.seq`
  return rows.map(({ seq, record_id, commitment, kind, body, salt, recorded_at, partner_id }) => ({
    seq: Number(seq),
    id: idOf('rec', record_id),
    commitment,
    record: kind === null ? undefined : { kind, body, salt, at: recorded_at, partner: partnerOf(partner_id) },
  }))
}

function partnerOf(uuid: string | null): Id<'ptr'> | undefined {
  return uuid === null ? undefined : idOf('ptr', uuid)
}

/** A record's place in the order in which records are sealed. */
export type OrderKey = Pick<SealHead, 'txId' | 'recordId'>

/**
 * Looks at some records behind `after`, none of them behind the sealer's head: those that were passed over, and where to
 * go on; `undefined` when there are no more.
 */
export async function selectPassedOver(
  sql: Reader,
  head: OrderKey,
  { after, limit }: { readonly after: OrderKey; readonly limit: number },
): Promise<{ readonly passedOver: readonly Id<'rec'>[]; readonly last: OrderKey } | undefined> {
  const [row] = await sql<{ passed_over: string[]; tx_id: string | null; record_id: string }[]>`
    with looked as materialized (
      select r.tx_id, r.id from records r
      where (r.tx_id, r.id) > (${after.txId}::xid8, ${after.recordId}::uuid)
        and (r.tx_id, r.id) <= (${head.txId}::xid8, ${head.recordId}::uuid)
      order by r.tx_id, r.id limit ${limit}
    ), last as (
      select s.tx_id, s.id from looked s order by s.tx_id desc, s.id desc limit 1
    )
    select (select tx_id::text from last) as tx_id, (select id from last) as record_id,
           array(select s.id::text from looked s
                 where not exists (select from seals where seals.record_id = s.id) order by s.tx_id, s.id) as passed_over`
  if (!row || row.tx_id === null) return undefined
  const last = { txId: row.tx_id, recordId: row.record_id }
  return { passedOver: row.passed_over.map((uuid) => idOf('rec', uuid)), last }
}

/** Records of transactions that this server has not begun yet. */
export async function selectForeign(sql: Reader, limit: number): Promise<readonly Id<'rec'>[]> {
  const rows = await sql<{ id: string }[]>`
    select r.id from records r where r.tx_id >= (select pg_snapshot_xmax(log_snapshot()))
    order by r.tx_id, r.id limit ${limit}`
  return rows.map(({ id }) => idOf('rec', id))
}
