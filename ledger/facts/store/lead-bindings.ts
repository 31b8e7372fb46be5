import type { Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { FactId } from '../decide-facts.ts'
import type { LeadBound } from '../parse-revenue.ts'
import type { LeadKey } from './revenue-background.ts'

/** A binding that is to be stored. */
export type NewLeadBinding = {
  readonly id: FactId
  readonly source: string
  readonly report: Omit<LeadBound, 'type' | 'customer' | 'partner'>
  readonly partner: Id<'ptr'>
  readonly customer: Id<'cus'>
  /** The partner's contributions with this lead, which waited for it. */
  readonly confirms: readonly Id<'ctr'>[]
  readonly record: AppendedRecord
}

/** For each lead, in order, the contributions that wait to be told who it is. */
export async function selectWaiting(
  tx: Transaction,
  leads: readonly LeadKey[],
): Promise<readonly (readonly Id<'ctr'>[])[]> {
  if (leads.length === 0) return []
  const rows = await tx<{ waiting: string[] }[]>`
    select array(
      select c.id::text from contributions c
      where c.partner_id = q.partner_id and c.lead = q.lead and c.customer_id is null order by c.id
    ) as waiting
    from unnest(${leads.map(({ partner }) => uuidOf(partner))}::text[]::uuid[], ${leads.map(({ lead }) => lead)}::text[])
      with ordinality as q (partner_id, lead, place)
    order by q.place`
  return rows.map(({ waiting }) => waiting.map((uuid) => idOf('ctr', uuid)))
}

/**
 * Stores bindings, and names the customer in what they confirm, which counts from then on unless it waits for a
 * confirmation; says how much that was.
 */
export async function insertLeadBindings(tx: Transaction, bindings: readonly NewLeadBinding[]): Promise<number> {
  if (bindings.length === 0) return 0
  await tx`
    insert into lead_bindings (id, partner_id, lead, customer_id, bound_at, source, external_id, fingerprint, record_id,
      recorded_at)
    select r.id, r.partner_id, r.lead, r.customer_id, r.bound_at, r.source, r.external_id, r.fingerprint, r.record_id,
      r.recorded_at
    from jsonb_to_recordset(${JSON.stringify(bindings.map(rowOf))}::jsonb) as r (id uuid, partner_id uuid, lead text,
      customer_id uuid, bound_at timestamptz, source text, external_id text, fingerprint text, record_id uuid,
      recorded_at timestamptz)`
  const confirmed = bindings.flatMap(({ customer, confirms }) => confirms.map((id) => ({ id, customer })))
  const updated = await tx`
    update contributions c set customer_id = r.customer_id,
      status = case when c.status = 'REPORTED' and (c.confirmation = 'NONE' or exists (
          select from contribution_decisions d where d.contribution_id = c.id and d.decision = 'CONFIRMED'))
        then 'CONFIRMED' else c.status end
    from unnest(
      ${confirmed.map(({ id }) => uuidOf(id))}::uuid[], ${confirmed.map(({ customer }) => uuidOf(customer))}::uuid[]
    ) as r (id, customer_id)
    where c.id = r.id and c.customer_id is null`
  return updated.count
}

function rowOf({ id, source, report, partner, customer, record }: NewLeadBinding): object {
  return {
    id: uuidOf(id),
    partner_id: uuidOf(partner),
    lead: report.lead,
    customer_id: uuidOf(customer),
    bound_at: report.occurredAt.toISOString(),
    source,
    external_id: report.externalId,
    fingerprint: report.fingerprint,
    record_id: uuidOf(record.id),
    recorded_at: record.at.toISOString(),
  }
}
