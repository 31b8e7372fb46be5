import type { Context } from '../../database/context.ts'
import { parseBatch } from './fact-batch.ts'
import { refuseFuture } from './fact-fields.ts'
import type { FactResult } from './fact-result.ts'
import { type BrokerReport, parseRevenue, parseSource } from './parse-revenue.ts'
import { storeRevenue } from './store-revenue.ts'

export type RecordRevenueInput = {
  /** The system that states the facts; external ids are unique within it. */
  readonly source: string
  /** As they came from outside: lines of `revenueItemJsonSchema`. */
  readonly items: readonly unknown[]
}

/**
 * Stores facts of the broker, with a result for each item in its order: a refused one changes nothing and leaves the
 * others standing. The same external id of a source with the same content has one effect, on however many processes at
 * once; with other content it is refused with `IDEMPOTENCY_CONFLICT`. A binding names the customer in what the partner
 * contributed with that lead, and will contribute; binding it to another customer is refused with `LEAD_BOUND`. A
 * contribution that waits for a fact of the broker is confirmed or rejected once; what waits for none, or was decided
 * otherwise, is refused with `WRONG_STATE`.
 * Throws `INVALID_INPUT` for the source or for more than 10,000 items. Source: RULES §2, DESIGN invariant 4.
 */
export async function recordRevenue(context: Context, input: RecordRevenueInput): Promise<readonly FactResult[]> {
  const source = parseSource(input.source)
  const now = context.clock.now()
  const batch = parseBatch(input.items, (item) => parseFact(item, source, now))
  return context.database.transaction((tx) => storeRevenue(context, tx, { source, batch }))
}

/** Reads one fact of the broker that is not of the future. Throws `INVALID_INPUT` with the field. */
export function parseFact(value: unknown, source: string, now: Date): BrokerReport {
  const fact = parseRevenue(value, source)
  refuseFuture(fact.occurredAt, now)
  return fact
}
