import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { Deletion } from '../deletion.ts'

type Row = {
  readonly consent_id: string
  readonly partner_id: string
  readonly purpose: string
  readonly ended_at: Date
  readonly told_at: Date | null
  readonly acknowledged_at: Date | null
  readonly due_at: Date
  readonly attested_at: Date | null
  readonly overdue: boolean
}

function columns(sql: Reader) {
  return sql`
    d.consent_id, d.partner_id, d.purpose, d.ended_at, d.due_at, d.attested_at, t.told_at, t.acknowledged_at,
    d.attested_at is null and d.due_at <= now() as overdue
    from consent_deletions d
    left join lateral (
      select t.told_at, t.acknowledged_at from consent_endings_told t
      where t.consent = 'cns_' || replace(d.consent_id::text, '-', '')
    ) t on true`
}

/** What became of those of the consents that have ended and leave something to delete. */
export async function selectDeletions(sql: Reader, consents: readonly Id<'cns'>[]): Promise<readonly Deletion[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} where d.consent_id = any (${consents.map(uuidOf)}::text[]::uuid[])`
  return rows.map(deletionOf)
}

/** Deletions that are due and not attested, up to one more than the page holds, in the order of the consents' ids. */
export async function selectOverdue(sql: Reader, { cursor, direction, limit }: Page): Promise<readonly Deletion[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    select ${columns(sql)}
    where d.attested_at is null and d.due_at <= now()
      ${from === undefined ? sql`` : forward ? sql`and d.consent_id > ${from}::uuid` : sql`and d.consent_id < ${from}::uuid`}
    order by d.consent_id ${forward ? sql`asc` : sql`desc`} limit ${limit + 1}`
  return rows.map(deletionOf)
}

/** How many deletions are overdue. */
export async function countOverdue(sql: Reader): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*)::int from consent_deletions where attested_at is null and due_at <= now()`
  return row?.count ?? 0
}

/** Whether a partner has a consent that ended and leaves something to delete. */
export async function hasEnded(tx: Transaction, partner: Id<'ptr'>, consent: Id<'cns'>): Promise<boolean> {
  const rows = await tx`
    select from consent_deletions where consent_id = ${uuidOf(consent)} and partner_id = ${uuidOf(partner)}`
  return rows.length > 0
}

/** Keeps an attestation; says whether it is the first. */
export async function insertDeletion(
  tx: Transaction,
  {
    consent,
    attestedAt,
    record,
  }: { readonly consent: Id<'cns'>; readonly attestedAt: Date; readonly record: Id<'rec'> },
): Promise<boolean> {
  const rows = await tx`
    insert into deletions (consent_id, attested_at, record_id)
    select id, ${attestedAt.toISOString()}::timestamptz, ${uuidOf(record)}::uuid from consents where id = ${uuidOf(consent)}
    on conflict on constraint deletions_pkey do nothing returning consent_id`
  return rows.length > 0
}

/** Whether a deletion was attested. */
export async function isAttested(tx: Transaction, consent: Id<'cns'>): Promise<boolean> {
  return (await tx`select from deletions where consent_id = ${uuidOf(consent)}`).length > 0
}

function deletionOf(row: Row): Deletion {
  return {
    ...{ consent: idOf('cns', row.consent_id), partnerId: idOf('ptr', row.partner_id), purpose: row.purpose },
    ...{ endedAt: row.ended_at, dueAt: row.due_at, overdue: row.overdue },
    ...{ toldAt: row.told_at ?? undefined, acknowledgedAt: row.acknowledged_at ?? undefined },
    attestedAt: row.attested_at ?? undefined,
  }
}
