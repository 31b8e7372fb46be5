import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import { addDays } from '../../../kernel/month.ts'
import type { FactScope } from '../case-scope.ts'
import type { CustomerHistory } from '../unconverted-paths.ts'
import { countsFor, inForceAt, membersOf, versionsOf } from './case-parts.ts'
import { type EventRow, eventColumns, eventOf, type TouchRow, touchColumns, touchOf } from './path-parts.ts'
import { readBatches } from './read-batches.ts'

/** How far paths look back by the terms in force at the span's start, in whole days; without terms there are none. */
export async function findLookback(sql: Reader, scope: FactScope): Promise<number | undefined> {
  const [row] = await sql<{ lookback_days: number | null }[]>`
    with ${versionsOf(sql, scope)}
    select v.lookback_days from (values (0)) as one (n)
    ${inForceAt(sql, 'v', sql`${scope.from.toISOString()}::timestamptz`)}`
  return row?.lookback_days ?? undefined
}

/**
 * What is known of each customer whose last touch may have been followed by a quiet span that ended in the span: touches,
 * and revenue above zero in the programme's asset, from twice the lookback before the span on; by customer, in batches.
 */
export async function* readCustomerHistories(
  sql: Reader,
  { scope, lookbackDays, rowsPerBatch }: { scope: FactScope; lookbackDays: number; rowsPerBatch: number },
): AsyncGenerator<readonly CustomerHistory[]> {
  const since = addDays(scope.from, -2 * lookbackDays).toISOString()
  const until = addDays(scope.to, -lookbackDays).toISOString()
  const query = sql`
    with ${membersOf(sql, scope)}, ${touchedBetween(sql, scope, { since, until })}
    select t.touches, ev.events
    from touched t
    left join lateral (
      select json_agg(to_json(x) order by x.occurred_at, x.source, x.external_id) as events
      from (
        select ${eventColumns(sql)}
        from revenue_events h
        join programmes p on p.id = ${uuidOf(scope.programme)} and p.asset = h.asset
        where h.customer_id = t.customer_id and h.amount > 0 and h.occurred_at >= ${since}
          and h.occurred_at < ${scope.to.toISOString()}
      ) x) ev on true
    order by t.customer_id`
  for await (const rows of readBatches<HistoryRow>(sql, { name: 'customer_histories', query, rowsPerBatch })) {
    yield rows.map(({ touches, events }) => ({
      touches: touches.map(touchOf),
      events: (events ?? []).map(parsedEvent),
    }))
  }
}

function touchedBetween(
  sql: Reader,
  { to }: FactScope,
  { since, until }: { readonly since: string; readonly until: string },
): Fragment {
  return sql`touched as (
    select c.customer_id,
      json_agg(json_build_array(${touchColumns(sql)}, 0) order by c.occurred_at, m.partner_code, c.external_id) as touches
    from contributions c join members m on ${countsFor(sql)}
    where c.customer_id is not null and c.occurred_at >= ${since} and c.occurred_at < ${to.toISOString()}
    group by c.customer_id
    having min(c.occurred_at) < ${until})`
}

type HistoryRow = {
  readonly touches: readonly TouchRow[]
  readonly events:
    | readonly (Omit<EventRow, 'occurred_at' | 'amount'> & { occurred_at: string; amount: string })[]
    | null
}

/** In JSON a time is text. */
function parsedEvent(row: NonNullable<HistoryRow['events']>[number]): ReturnType<typeof eventOf> {
  return eventOf({ ...row, occurred_at: new Date(row.occurred_at) })
}
