import type { Reader, Transaction } from '../../../database/client.ts'
import type { Context } from '../../../database/context.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { Complainant, Complaint, ComplaintCategory, ComplaintSeverity, ComplaintStatus } from '../complaint.ts'
import { openWords } from '../seal-words.ts'

type Row = {
  readonly id: string
  readonly partner_id: string
  readonly category: ComplaintCategory
  readonly severity: ComplaintSeverity
  readonly status: ComplaintStatus
  readonly complainant: Complainant['kind']
  readonly customer_id: string | null
  readonly complaining_partner_id: string | null
  readonly taken_by: Actor
  readonly assigned_to: Actor | null
  readonly decided_by: Actor | null
  readonly words: Buffer | null
  readonly received_at: Date
  readonly due_at: Date
  readonly decided_at: Date | null
  readonly version: number
  readonly changed_at: Date
  readonly record_id: string
}

type Keys = Pick<Context, 'keyring'>

/** The complaint with this id, or nothing. */
export async function selectComplaint(keys: Keys, sql: Reader, id: string): Promise<Complaint | undefined> {
  if (!isId('cpl', id)) return undefined
  const [row] = await sql<Row[]>`select * from complaints where id = ${uuidOf(id)}`
  return row && complaintOf(keys, row)
}

/** Holds a complaint until the transaction ends: nobody else says its next version. With the database's time. */
export async function holdComplaint(
  keys: Keys,
  tx: Transaction,
  id: Id<'cpl'>,
): Promise<{ readonly complaint: Complaint; readonly now: Date } | undefined> {
  const [row] = await tx<(Row & { readonly now: Date })[]>`
    select c.*, date_trunc('milliseconds', clock_timestamp()) as now
    from complaints c where c.id = ${uuidOf(id)} for update`
  return row && { complaint: complaintOf(keys, row), now: row.now }
}

/** Which complaints a list holds; absent means all. */
export type ComplaintFilter = {
  readonly partner?: Id<'ptr'> | undefined
  readonly customer?: Id<'cus'> | undefined
  readonly status?: ComplaintStatus | undefined
}

/** Up to one more than the page holds, in the page's direction; the last received first. */
export async function selectComplaints(
  keys: Keys,
  sql: Reader,
  { partner, customer, status }: ComplaintFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly Complaint[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    select * from complaints
    where true
      ${partner === undefined ? sql`` : sql`and partner_id = ${uuidOf(partner)}`}
      ${customer === undefined ? sql`` : sql`and customer_id = ${uuidOf(customer)}`}
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${from === undefined ? sql`` : forward ? sql`and id < ${from}::uuid` : sql`and id > ${from}::uuid`}
    order by id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map((row) => complaintOf(keys, row))
}

/** How many complaints of a customer are open. Those of one customer come one behind the other until the transaction ends. */
export async function countOpen(tx: Transaction, customer: Id<'cus'>): Promise<number> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`complaints:${customer}`}, 0))`
  const [row] = await tx<{ open: number }[]>`
    select count(*)::integer as open from complaints
    where customer_id = ${uuidOf(customer)} and status in ('RECEIVED', 'WORKING')`
  return row?.open ?? 0
}

/** What complaints of a span say of a partner. */
export type ComplaintCounts = { readonly received: number; readonly upheld: number; readonly overdue: number }

/**
 * How many complaints about a partner came in within a span (half-open), how many were upheld in it, and of how many the
 * answer was due in it and did not come in time. What was withdrawn before it was due is not overdue. Once the span is past,
 * by the database's clock, the numbers stay.
 */
export async function countUpheldComplaints(
  sql: Reader,
  partner: Id<'ptr'>,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<ComplaintCounts> {
  const [first, last] = [sql`${from.toISOString()}::timestamptz`, sql`${to.toISOString()}::timestamptz`]
  const [row] = await sql<ComplaintCounts[]>`
    select count(*) filter (where received_at >= ${first} and received_at < ${last})::integer as received,
      count(*) filter (where status = 'UPHELD' and decided_at >= ${first} and decided_at < ${last})::integer as upheld,
      count(*) filter (where due_at >= ${first} and due_at < ${last}
        and due_at < coalesce(decided_at, clock_timestamp()))::integer as overdue
    from complaints where partner_id = ${uuidOf(partner)}`
  return { received: row?.received ?? 0, upheld: row?.upheld ?? 0, overdue: row?.overdue ?? 0 }
}

function complaintOf(keys: Keys, row: Row): Complaint {
  const id = idOf('cpl', row.id)
  const { category, severity, status, version } = row
  return {
    ...{ id, partner: idOf('ptr', row.partner_id), category, severity, status, complainant: complainantOf(row) },
    ...{ takenBy: row.taken_by, assignedTo: row.assigned_to ?? undefined, decidedBy: row.decided_by ?? undefined },
    words: row.words === null ? undefined : openWords(keys, id, row.words),
    ...{ receivedAt: row.received_at, dueAt: row.due_at, decidedAt: row.decided_at ?? undefined },
    ...{ version, changedAt: row.changed_at, record: idOf('rec', row.record_id) },
  }
}

function complainantOf({ complainant: kind, customer_id, complaining_partner_id }: Row): Complainant {
  if (kind === 'CUSTOMER') return { kind, customer: customer_id === null ? undefined : idOf('cus', customer_id) }
  if (kind === 'PARTNER' && complaining_partner_id !== null)
    return { kind, partner: idOf('ptr', complaining_partner_id) }
  return { kind: 'OTHER' }
}
