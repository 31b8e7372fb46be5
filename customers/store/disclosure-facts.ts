import type { Fragment } from 'postgres'
import type { Reader } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import type { Through } from '../disclosure-batch.ts'
import type { DisclosureFact } from '../disclosure-entry.ts'

/** A disclosure with its place in the order of commits. */
export type PlacedFact = { readonly fact: DisclosureFact; readonly place: Through }

type Row = {
  readonly id: string
  readonly place_tx: string
  readonly moment: string
  readonly partner_id: string
  readonly client_id: string
  readonly customer_id: string | null
  readonly subject: string
  readonly purpose: string
  readonly consent_id: string | null
  readonly tags: readonly string[]
  readonly outcome: string
  readonly request_id: string
}

/**
 * The next disclosures behind a place, those older than every transaction that still runs: none can come in before them
 * any more. `d.tx_id` is written with its table everywhere: an output column of the same name would be what is sorted.
 */
export async function selectDueFacts(sql: Reader, after: Through, limit: number): Promise<readonly PlacedFact[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from disclosures d
    where ${isBehind(sql, after)} and d.tx_id < pg_snapshot_xmin(pg_current_snapshot())
    order by d.tx_id, d.id limit ${limit}`
  return rows.map(placedOf)
}

/** Up to so many disclosures behind a place through another, in their order. */
export async function selectFactsBetween(
  sql: Reader,
  { after, through, limit }: { readonly after: Through; readonly through: Through; readonly limit: number },
): Promise<readonly DisclosureFact[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from disclosures d
    where ${isBehind(sql, after)} and (d.tx_id, d.id) <= (${through.txId}::xid8, ${uuidOf(through.disclosure)}::uuid)
    order by d.tx_id, d.id limit ${limit}`
  return rows.map((row) => placedOf(row).fact)
}

/**
 * One disclosure, of this customer if one is named. The id tells when it was made (UUIDv7), and so in which partition and
 * where in it to look: no index by id alone burdens every read of a customer's data.
 */
export async function selectFact(
  sql: Reader,
  { id, madeAt, customer }: { readonly id: Id<'dis'>; readonly madeAt: Date; readonly customer: Id<'cus'> | undefined },
): Promise<PlacedFact | undefined> {
  const owner = customer === undefined ? null : uuidOf(customer)
  // as a number: an id from outside may tell a year that no text of a time can say
  const made = sql`to_timestamp(${madeAt.getTime()}::float8 / 1000)`
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from disclosures d
    where d.at > ${made} - interval '10 minutes' and d.at < ${made} + interval '10 minutes'
      and d.id = ${uuidOf(id)}::uuid and (${owner}::uuid is null or d.customer_id = ${owner}::uuid)`
  return row && placedOf(row)
}

function isBehind(sql: Reader, { txId, disclosure }: Through): Fragment {
  return sql`(d.tx_id, d.id) > (${txId}::xid8, ${uuidOf(disclosure)}::uuid)`
}

/** Times are taken as text: a `Date` has no microseconds. */
function columns(sql: Reader): Fragment {
  return sql`
    d.id, d.tx_id::text as place_tx, to_char(d.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment,
    d.partner_id, d.client_id, d.customer_id, d.subject, d.purpose, d.consent_id, d.tags, d.outcome, d.request_id`
}

function placedOf(row: Row): PlacedFact {
  const id = idOf('dis', row.id)
  const fact = {
    id,
    at: row.moment,
    partner: idOf('ptr', row.partner_id),
    client: idOf('cli', row.client_id),
    customer: row.customer_id === null ? undefined : idOf('cus', row.customer_id),
    subject: row.subject,
    purpose: row.purpose,
    consent: row.consent_id === null ? undefined : idOf('cns', row.consent_id),
    tags: row.tags,
    outcome: row.outcome,
    request: row.request_id,
  }
  return { fact, place: { txId: row.place_tx, disclosure: id } }
}
