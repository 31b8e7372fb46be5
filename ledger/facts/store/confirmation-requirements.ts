import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { Confirmation } from '../confirmation.ts'
import type { ConfirmationRequirement } from '../confirmation-requirement.ts'
import type { ContributionKind } from '../contribution.ts'

/** A requirement that is to be stored. */
export type NewRequirement = ConfirmationRequirement & { readonly record: AppendedRecord }

/** What each kind of a partner's contributions waits for; a kind that is not told waits for nothing. */
export async function selectRequirements(
  sql: Reader,
  partner: Id<'ptr'>,
): Promise<readonly Omit<ConfirmationRequirement, 'partner'>[]> {
  return sql<{ kind: ContributionKind; confirmation: Confirmation; version: number }[]>`
    select distinct on (q.kind) q.kind, q.confirmation, q.version from confirmation_requirements q
    where q.partner_id = ${uuidOf(partner)} order by q.kind, q.version desc`
}

/** Stores requirements. */
export async function insertRequirements(tx: Transaction, requirements: readonly NewRequirement[]): Promise<void> {
  if (requirements.length === 0) return
  await tx`
    insert into confirmation_requirements (partner_id, kind, version, confirmation, record_id, recorded_at)
    select r.partner_id, r.kind, r.version, r.confirmation, r.record_id, r.recorded_at
    from jsonb_to_recordset(${JSON.stringify(requirements.map(rowOf))}::jsonb) as r (partner_id uuid, kind text,
      version integer, confirmation text, record_id uuid, recorded_at timestamptz)`
}

function rowOf({ partner, kind, version, confirmation, record }: NewRequirement): object {
  return {
    partner_id: uuidOf(partner),
    kind,
    version,
    confirmation,
    record_id: uuidOf(record.id),
    recorded_at: record.at.toISOString(),
  }
}
