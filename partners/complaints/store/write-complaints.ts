import type { Transaction } from '../../../database/client.ts'
import type { Context } from '../../../database/context.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { Complaint } from '../complaint.ts'
import { sealWords } from '../seal-words.ts'

/**
 * Writes a version, unless a later one stands there. Says whether it could: a version that is not the first needs one before
 * it, which knows the customer.
 */
export async function upsertComplaint(
  keys: Pick<Context, 'keyring'>,
  tx: Transaction,
  said: Complaint,
): Promise<boolean> {
  const { id, partner, category, severity, status, complainant: by, takenBy, assignedTo, decidedBy, words } = said
  const { receivedAt, dueAt, decidedAt, version, changedAt, record } = said
  const customer = by.kind === 'CUSTOMER' && by.customer !== undefined ? uuidOf(by.customer) : null
  const other = by.kind === 'PARTNER' ? uuidOf(by.partner) : null
  const written = await tx`
    insert into complaints as c (id, partner_id, category, severity, status, complainant, customer_id,
      complaining_partner_id, taken_by, assigned_to, decided_by, words, received_at, due_at, decided_at, version,
      changed_at, record_id)
    select ${uuidOf(id)}::uuid, ${uuidOf(partner)}::uuid, ${category}, ${severity}, ${status}, ${by.kind}, ${customer}::uuid,
      ${other}::uuid, ${takenBy}, ${assignedTo ?? null}, ${decidedBy ?? null}, ${words ? sealWords(keys, id, words) : null}::bytea,
      ${receivedAt.toISOString()}::timestamptz, ${dueAt.toISOString()}::timestamptz,
      ${decidedAt?.toISOString() ?? null}::timestamptz, ${version}::integer, ${changedAt.toISOString()}::timestamptz,
      ${uuidOf(record)}::uuid
    where ${version} = 1 or exists (select from complaints where id = ${uuidOf(id)})
    on conflict on constraint complaints_pkey do update
      set severity = excluded.severity, status = excluded.status, assigned_to = excluded.assigned_to,
          decided_by = excluded.decided_by, words = excluded.words, decided_at = excluded.decided_at,
          version = excluded.version, changed_at = excluded.changed_at, record_id = excluded.record_id
      where c.version < excluded.version
    returning c.id`
  return written.length > 0 || (await tx`select from complaints where id = ${uuidOf(id)}`).length > 0
}

/** Forgets what customers who were erased had said, and what they were answered. */
export async function forgetWords(tx: Transaction, customers: readonly Id<'cus'>[]): Promise<void> {
  if (customers.length === 0) return
  await tx`
    update complaints set words = null
    where customer_id = any (${customers.map(uuidOf)}::text[]::uuid[]) and words is not null`
}
