import type { Reader } from '../../../database/client.ts'
import type { FactScope } from '../case-scope.ts'
import type { PathedConversion } from '../placed-case.ts'
import { membersOf, versionsOf } from './case-parts.ts'
import {
  type EventRow,
  eventColumns,
  eventOf,
  happenedEvents,
  pathedEvents,
  type TouchRow,
  touchOf,
} from './path-parts.ts'
import { readBatches } from './read-batches.ts'

/**
 * Revenue events of the span, of every base, that have a touch before them; each once, by source and external id
 * (bytewise), in batches. A refund has the path of what it refunds; one of an event of before the span corrects that
 * event's period and is left out. `sql` is an open transaction.
 */
export async function* streamConversions(
  sql: Reader,
  scope: FactScope,
  rowsPerBatch = 5000,
): AsyncGenerator<readonly PathedConversion[]> {
  const query = sql`
    with ${membersOf(sql, scope)}, ${versionsOf(sql, scope)}, ${happenedEvents(sql, scope)}, ${pathedEvents(sql)}
    select ${eventColumns(sql)}, h.path
    from pathed h
    where h.path is not null and h.converted_at >= ${scope.from.toISOString()}
    order by h.source, h.external_id`
  for await (const rows of readBatches<ConversionRow>(sql, { name: 'conversions', query, rowsPerBatch })) {
    yield rows.map((row) => ({ event: eventOf(row), path: row.path.map(touchOf) }))
  }
}

type ConversionRow = EventRow & { readonly path: readonly TouchRow[] }
