import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { HourOfReads } from '../hour-of-reads.ts'

type Row = {
  readonly hours: number
  readonly day: number
  readonly clock: number
  readonly reads: number
  readonly misses: number
  readonly customers: number
  readonly day_customers: number
  readonly old_customers: number
  readonly first_reads: number
}

/** What a partner read in each hour of the last so many days before a moment, ascending; hours without reads are left out. */
export async function selectHours(
  sql: Reader,
  partner: Id<'ptr'>,
  { until, days, timeZone }: { readonly until: Date; readonly days: number; readonly timeZone: string },
): Promise<readonly HourOfReads[]> {
  const rows = await sql<Row[]>`
    select (extract(epoch from hour) / 3600)::int as hours,
           (hour at time zone ${timeZone})::date - date '1970-01-01' as day,
           extract(hour from hour at time zone ${timeZone})::int as clock,
           reads, misses, customers, day_customers, old_customers, first_reads
    from read_hours
    where partner_id = ${uuidOf(partner)}
      and hour between ${until.toISOString()}::timestamptz - make_interval(days => ${days + 1})
        and ${until.toISOString()}::timestamptz
    order by hour`
  return rows.map(({ hours, day_customers, old_customers, first_reads, ...row }) => ({
    ...row,
    hour: hours,
    dayCustomers: day_customers,
    oldCustomers: old_customers,
    firstReads: first_reads,
  }))
}

/** The clients that read in some of these hours. */
export async function selectReaders(
  sql: Reader,
  partner: Id<'ptr'>,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<readonly Id<'cli'>[]> {
  const rows = await sql<{ client: string }[]>`
    select distinct client from read_hours, unnest(clients) as client
    where partner_id = ${uuidOf(partner)} and hour >= ${from.toISOString()} and hour < ${to.toISOString()}
    order by client limit 100`
  return rows.map(({ client }) => idOf('cli', client))
}
