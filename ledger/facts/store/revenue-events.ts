import type { Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { FactId } from '../decide-facts.ts'
import type { RevenueReport } from '../parse-revenue.ts'

/** A revenue event that is to be stored. */
export type NewRevenueEvent = {
  readonly id: FactId
  readonly source: string
  readonly report: Omit<RevenueReport, 'type' | 'customer' | 'category'>
  readonly customer: Id<'cus'>
  /** As reported, else the product's. */
  readonly category: string | undefined
  readonly record: AppendedRecord
}

/** Stores revenue events by one statement: they travel as one JSON text, however many there are. */
export async function insertRevenueEvents(tx: Transaction, events: readonly NewRevenueEvent[]): Promise<void> {
  if (events.length === 0) return
  await tx`
    insert into revenue_events (id, source, external_id, base, asset, amount, customer_id, occurred_at, product_source,
      product_external_id, category, market, refund_of, fingerprint, record_id, recorded_at)
    select r.id, r.source, r.external_id, r.base, r.asset, r.amount, r.customer_id, r.occurred_at, r.product_source,
      r.product_external_id, r.category, r.market, r.refund_of, r.fingerprint, r.record_id, r.recorded_at
    from jsonb_to_recordset(${JSON.stringify(events.map(rowOf))}::jsonb) as r (id uuid, source text, external_id text,
      base text, asset text, amount numeric, customer_id uuid, occurred_at timestamptz, product_source text,
      product_external_id text, category text, market text, refund_of text, fingerprint text, record_id uuid,
      recorded_at timestamptz)`
}

function rowOf({ id, source, report, customer, category, record }: NewRevenueEvent): object {
  return {
    id: uuidOf(id),
    source,
    external_id: report.externalId,
    base: report.base,
    asset: report.asset,
    amount: String(report.minor),
    customer_id: uuidOf(customer),
    occurred_at: report.occurredAt.toISOString(),
    product_source: report.product?.source,
    product_external_id: report.product?.externalId,
    category,
    market: report.market,
    refund_of: report.refundOf,
    fingerprint: report.fingerprint,
    record_id: uuidOf(record.id),
    recorded_at: record.at.toISOString(),
  }
}
