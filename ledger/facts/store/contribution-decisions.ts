import type { Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { Confirmation, DecisionWord } from '../confirmation.ts'
import type { ContributionDecided } from '../parse-revenue.ts'

/** A fact of the broker that decides. */
export type DecidingFact = { readonly source: string; readonly report: ContributionDecided }

/** A decision that is to be stored; without a fact of the broker it is a person's. */
export type NewDecision = {
  readonly contribution: Id<'ctr'>
  readonly partner: Id<'ptr'>
  readonly decision: DecisionWord
  readonly reason: string | undefined
  readonly fact: DecidingFact | undefined
  readonly record: AppendedRecord
}

/** One partner's contribution, by the partner's own key. */
export type ContributionKey = { readonly partner: Id<'ptr'>; readonly externalId: string }

/** A contribution as one who decides sees it. */
export type DecidableContribution = ContributionKey & {
  readonly id: Id<'ctr'>
  readonly confirmation: Confirmation
  readonly decided: { readonly decision: DecisionWord; readonly reason: string | undefined } | undefined
}

/** Whose a contribution is. */
export async function selectPartnerOf(tx: Transaction, contribution: Id<'ctr'>): Promise<Id<'ptr'> | undefined> {
  const [row] = await tx<{ partner_id: string }[]>`
    select c.partner_id from contributions c where c.id = ${uuidOf(contribution)}`
  return row && idOf('ptr', row.partner_id)
}

/** Those of the contributions that there are, and what was decided on them. */
export async function selectDecidable(
  tx: Transaction,
  asked: readonly ContributionKey[] | Id<'ctr'>,
): Promise<readonly DecidableContribution[]> {
  if (asked.length === 0) return []
  const chosen =
    typeof asked === 'string'
      ? tx`c.id = ${uuidOf(asked)}`
      : tx`(c.partner_id, c.external_id) in (
          select * from unnest(
            ${asked.map(({ partner }) => uuidOf(partner))}::text[]::uuid[],
            ${asked.map(({ externalId }) => externalId)}::text[]))`
  const rows = await tx<DecidableRow[]>`
    select c.id, c.partner_id, c.external_id, c.confirmation, d.decision, d.reason
    from contributions c left join contribution_decisions d on d.contribution_id = c.id where ${chosen}`
  return rows.map((row) => ({
    id: idOf('ctr', row.id),
    partner: idOf('ptr', row.partner_id),
    externalId: row.external_id,
    confirmation: row.confirmation,
    decided: row.decision === null ? undefined : { decision: row.decision, reason: row.reason ?? undefined },
  }))
}

type DecidableRow = {
  readonly id: string
  readonly partner_id: string
  readonly external_id: string
  readonly confirmation: Confirmation
  readonly decision: DecisionWord | null
  readonly reason: string | null
}

/**
 * Stores decisions. What is rejected counts nowhere; what is confirmed counts at once where its customer is known or it
 * names nobody, else when its lead is bound.
 */
export async function insertDecisions(tx: Transaction, decisions: readonly NewDecision[]): Promise<void> {
  if (decisions.length === 0) return
  await tx`
    insert into contribution_decisions (contribution_id, partner_id, decision, confirmation, reason, source, external_id,
      occurred_at, fingerprint, record_id, recorded_at)
    select r.contribution_id, r.partner_id, r.decision, r.confirmation, r.reason, r.source, r.external_id, r.occurred_at,
      r.fingerprint, r.record_id, r.recorded_at
    from jsonb_to_recordset(${JSON.stringify(decisions.map(rowOf))}::jsonb) as r (contribution_id uuid, partner_id uuid,
      decision text, confirmation text, reason text, source text, external_id text, occurred_at timestamptz,
      fingerprint text, record_id uuid, recorded_at timestamptz)`
  await tx`
    update contributions c set status = d.decision from contribution_decisions d
    where d.contribution_id = c.id and c.status = 'REPORTED'
      and c.id = any (${decisions.map(({ contribution }) => uuidOf(contribution))}::text[]::uuid[])
      and (d.decision = 'REJECTED' or c.customer_id is not null or num_nonnulls(c.subject, c.lead) = 0)`
}

function rowOf({ contribution, partner, decision, reason, fact, record }: NewDecision): object {
  return {
    contribution_id: uuidOf(contribution),
    partner_id: uuidOf(partner),
    decision,
    confirmation: fact === undefined ? 'PERSON' : 'BROKER_FACT',
    reason,
    source: fact?.source,
    external_id: fact?.report.externalId,
    occurred_at: fact?.report.occurredAt.toISOString(),
    fingerprint: fact?.report.fingerprint,
    record_id: uuidOf(record.id),
    recorded_at: record.at.toISOString(),
  }
}
