import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { DisclosureOutcome } from '../../disclosure.ts'
import { GRANULARITIES, readSharedTag } from '../../granularity.ts'
import type { DisclosureSearch, FoundDisclosure } from '../disclosure-search.ts'

/** A disclosure and its place in the order of time: the database's time with all its digits. */
export type PlacedFound = FoundDisclosure & { readonly place: string }

type Row = {
  readonly id: string
  readonly at: Date
  readonly place: string
  readonly moment: string
  readonly partner_id: string
  readonly code: string
  readonly client_id: string
  readonly account_key: string | null
  readonly subject: string
  readonly purpose: string
  readonly consent_id: string | null
  readonly tags: readonly string[]
  readonly outcome: DisclosureOutcome
  readonly request_id: string
  readonly batch: string | null
  readonly root: Buffer | null
  readonly record_id: string | null
}

/** Up to one more than the page holds: the newest first, or forwards in time. */
export async function selectFound(
  sql: Reader,
  search: DisclosureSearch,
  { cursor, direction, limit }: Page,
  order: 'newest' | 'oldest' = 'newest',
): Promise<readonly PlacedFound[]> {
  const descending = (direction === 'forward') === (order === 'newest')
  const [at, id] = cursor ?? []
  // by way of text, as in store/disclosures.ts
  const from = at === undefined || id === undefined ? undefined : sql`(${at}::text::timestamptz, ${id}::uuid)`
  const beyond =
    from === undefined ? sql`` : descending ? sql`and (d.at, d.id) < ${from}` : sql`and (d.at, d.id) > ${from}`
  const rows = await sql<Row[]>`
    with found as (
      select d.* from disclosures d where ${isFound(sql, search)} ${beyond}
      order by ${descending ? sql`d.at desc, d.id desc` : sql`d.at, d.id`} limit ${limit + 1}
    )
    select d.id, d.at, d.at::text as place, to_char(d.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as moment,
           d.partner_id, p.code, d.client_id, c.account_key, d.subject, d.purpose, d.consent_id, d.tags, d.outcome,
           d.request_id, b.batch, b.root, b.record_id
    from found d
    join partner_duties p on p.partner_id = d.partner_id
    left join customers c on c.id = d.customer_id
    left join lateral (
      select b.batch, b.root, b.record_id from disclosure_batches b
      where (b.through_tx, b.through_id) >= (d.tx_id, d.id) order by b.through_tx, b.through_id limit 1
    ) b on true
    order by ${descending ? sql`d.at desc, d.id desc` : sql`d.at, d.id`}`
  return rows.map(foundOf)
}

/** Where an export goes on behind a disclosure. */
export async function selectPlace(sql: Reader, search: DisclosureSearch, id: Id<'dis'>): Promise<string | undefined> {
  const [row] = await sql<{ place: string }[]>`
    select d.at::text as place from disclosures d where ${isFound(sql, search)} and d.id = ${uuidOf(id)}::uuid`
  return row?.place
}

/** Whether a row `d` of the disclosures is looked for. */
function isFound(sql: Reader, { accountKey, partner, consent, tag, outcome, from, to }: DisclosureSearch): Fragment {
  const spellings = GRANULARITIES.map((granularity) => `${tag}:${granularity}`)
  return sql`
    d.at >= ${from.toISOString()}::timestamptz and d.at < ${to.toISOString()}::timestamptz
    ${accountKey === undefined ? sql`` : sql`and d.customer_id = (select c.id from customers c where c.account_key = ${accountKey})`}
    ${partner === undefined ? sql`` : sql`and d.partner_id = ${uuidOf(partner)}::uuid`}
    ${consent === undefined ? sql`` : sql`and d.consent_id = ${uuidOf(consent)}::uuid and d.customer_id = (select c.customer_id from consents c where c.id = ${uuidOf(consent)}::uuid)`}
    ${tag === undefined ? sql`` : sql`and d.tags && ${spellings}::text[]`}
    ${outcome === undefined ? sql`` : sql`and d.outcome = ${outcome}`}`
}

function foundOf(row: Row): PlacedFound {
  const { id, at, place, moment, subject, purpose, tags, outcome, batch, root, record_id: record } = row
  return {
    id: idOf('dis', id),
    at,
    place,
    moment,
    partnerId: idOf('ptr', row.partner_id),
    partnerCode: row.code,
    client: idOf('cli', row.client_id),
    accountKey: row.account_key ?? undefined,
    subject,
    purpose,
    consentId: row.consent_id === null ? undefined : idOf('cns', row.consent_id),
    tags: tags.flatMap((tag) => readSharedTag(tag) ?? []),
    outcome,
    request: row.request_id,
    batch:
      batch === null || root === null || record === null
        ? undefined
        : { number: Number(batch), root: root.toString('hex'), record: idOf('rec', record) },
  }
}
