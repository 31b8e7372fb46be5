import type { Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { Acceptance } from '../acceptance-record.ts'

/** An acceptance with who gave it, and the record that says so. */
export type Accepted = Acceptance & { readonly by: Actor; readonly record: AppendedRecord }

export async function insertAcceptances(tx: Transaction, accepted: readonly Accepted[]): Promise<void> {
  await tx`
    insert into statement_acceptances (statement_id, partner_id, reason, accepted_by, accepted_at, record_id)
    select a.statement, a.partner, a.reason, a.by, a.at::timestamptz, a.record from unnest(
      ${accepted.map(({ statement }) => uuidOf(statement))}::uuid[],
      ${accepted.map(({ partner }) => uuidOf(partner))}::uuid[],
      ${accepted.map(({ reason }) => reason)}::text[], ${accepted.map(({ by }) => by)}::text[],
      ${accepted.map(({ record }) => record.at.toISOString())}::text[],
      ${accepted.map(({ record }) => uuidOf(record.id))}::uuid[]
    ) as a (statement, partner, reason, by, at, record)`
}
