import type { Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { FactId } from '../decide-facts.ts'
import type { LeadBound } from '../parse-revenue.ts'

/** A binding that is to be stored. */
export type NewLeadBinding = {
  readonly id: FactId
  readonly report: LeadBound
  readonly partner: Id<'ptr'>
  readonly customer: Id<'cus'>
  readonly record: AppendedRecord
}

/**
 * Stores bindings of one source, and names the customer in what the partners contributed with these leads, which counts
 * from then on.
 */
export async function insertLeadBindings(
  tx: Transaction,
  source: string,
  bindings: readonly NewLeadBinding[],
): Promise<void> {
  if (bindings.length === 0) return
  const rows = JSON.stringify(bindings.map(rowOf))
  await tx`
    insert into lead_bindings (id, partner_id, lead, customer_id, bound_at, source, external_id, fingerprint, record_id,
      recorded_at)
    select r.id, r.partner_id, r.lead, r.customer_id, r.bound_at, ${source}, r.external_id, r.fingerprint, r.record_id,
      r.recorded_at
    from jsonb_to_recordset(${rows}::jsonb) as r (id uuid, partner_id uuid, lead text, customer_id uuid,
      bound_at timestamptz, external_id text, fingerprint text, record_id uuid, recorded_at timestamptz)`
  await tx`
    update contributions c set customer_id = r.customer_id,
      status = case c.status when 'REPORTED' then 'CONFIRMED' else c.status end
    from jsonb_to_recordset(${rows}::jsonb) as r (partner_id uuid, lead text, customer_id uuid)
    where c.partner_id = r.partner_id and c.lead = r.lead and c.customer_id is null`
}

function rowOf({ id, report, partner, customer, record }: NewLeadBinding): object {
  return {
    id: uuidOf(id),
    partner_id: uuidOf(partner),
    lead: report.lead,
    customer_id: uuidOf(customer),
    bound_at: report.occurredAt.toISOString(),
    external_id: report.externalId,
    fingerprint: report.fingerprint,
    record_id: uuidOf(record.id),
    recorded_at: record.at.toISOString(),
  }
}
