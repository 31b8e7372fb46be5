import type { Reader } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

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
