import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Preferences } from '../preferences.ts'

/** Preferences as their last record tells of them. */
export type KeptPreferences = Preferences & {
  readonly customer: Id<'cus'>
  readonly changedAt: Date
  readonly version: number
  readonly record: Id<'rec'>
}

type PreferencesRow = {
  readonly customer_id: string
  readonly recommendations: boolean
  readonly changed_at: Date
  readonly version: number
  readonly record_id: string
}

/** What a customer chose, if they ever did. */
export async function selectPreferences(sql: Reader, customer: Id<'cus'>): Promise<KeptPreferences | undefined> {
  const [row] = await sql<PreferencesRow[]>`
    select customer_id, recommendations, changed_at, version, record_id from customer_preferences
    where customer_id = ${uuidOf(customer)}`
  if (!row) return undefined
  const { recommendations, version } = row
  const at = { changedAt: row.changed_at, record: idOf('rec', row.record_id) }
  return { customer: idOf('cus', row.customer_id), recommendations, version, ...at }
}

/** Writes what a customer chose, unless something later stands there. */
export async function keepPreferences(tx: Transaction, kept: KeptPreferences): Promise<void> {
  const { customer, recommendations, changedAt, version, record } = kept
  await tx`
    insert into customer_preferences as p (customer_id, recommendations, changed_at, version, record_id)
    values (${uuidOf(customer)}, ${recommendations}, ${changedAt.toISOString()}, ${version}, ${uuidOf(record)})
    on conflict on constraint customer_preferences_pkey do update
    set recommendations = excluded.recommendations, changed_at = excluded.changed_at, version = excluded.version,
        record_id = excluded.record_id
    where p.version < excluded.version`
}

/** Takes away what customers chose who are erased. */
export async function deletePreferences(tx: Transaction, customers: readonly Id<'cus'>[]): Promise<void> {
  if (customers.length === 0) return
  await tx`delete from customer_preferences where customer_id = any (${customers.map(uuidOf)}::text[]::uuid[])`
}

/** Of a partner's subjects, those whose customers want no recommendations at the moment of the statement. */
export async function selectUnwilling(
  sql: Reader,
  partner: Id<'ptr'>,
  subjects: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await sql<{ subject: string }[]>`
    select s.subject from known_subjects s
    join customers_without_recommendations w on w.customer_id = s.customer_id
    where s.partner_id = ${uuidOf(partner)} and s.subject = any (${[...subjects]}::text[])`
  return new Set(rows.map(({ subject }) => subject))
}
