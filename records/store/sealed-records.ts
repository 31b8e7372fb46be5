import type { Reader } from '../../database/client.ts'
import { type Id, idOf } from '../../kernel/ids.ts'
import type { SealHead } from './seals.ts'

/** Places in the log, counted from 1: those behind `from`, up to `to`. */
export type Places = { readonly from: number; readonly to: number }

/** A place in the log, and the record that stands there, as the tables have them. */
export type SealedRow = {
  readonly seq: number
  readonly id: Id<'rec'>
  readonly commitment: Buffer
  /** `undefined` when there is no such record. */
  readonly record:
    | {
        readonly txId: string
        readonly kind: string
        readonly body: string
        readonly salt: Buffer
        /** Microseconds since 1970. */
        readonly at: bigint
        readonly partner: Id<'ptr'> | undefined
      }
    | undefined
}

type Row = {
  seq: string
  record_id: string
  commitment: Buffer
  tx_id: string
  kind: string | null
  body: string
  salt: Buffer
  at: string
  partner_id: string | null
}

/** Places, those that there are, in order, and the records that stand there. */
export async function selectSealed(sql: Reader, { from, to }: Places): Promise<readonly SealedRow[]> {
  const rows = await sql<Row[]>`
    select s.seq, s.record_id, s.commitment, r.tx_id::text as tx_id, r.kind, r.body, r.salt, r.partner_id,
           (extract(epoch from r.recorded_at) * 1000000)::bigint as at
    from seals s left join records r on r.id = s.record_id
    where s.seq > ${from}::bigint and s.seq <= ${to}::bigint order by s.seq`
  return rows.map(({ seq, record_id, commitment, tx_id, kind, body, salt, at, partner_id }) => ({
    seq: Number(seq),
    id: idOf('rec', record_id),
    commitment,
    record:
      kind === null ? undefined : { txId: tx_id, kind, body, salt, at: BigInt(at), partner: partnerOf(partner_id) },
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
