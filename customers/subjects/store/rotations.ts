import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'

/** One generation of a partner's names. */
export type SubjectGeneration = {
  readonly partner: Id<'ptr'>
  readonly generation: number
  readonly begunAt: Date
  readonly overlapEndsAt: Date
  readonly record: Id<'rec'>
}

/**
 * The generation in which names are made for a partner, which does not change until the transaction ends: a rotation waits for
 * whoever makes names, and they for it.
 */
export async function holdGeneration(tx: Transaction, partner: Id<'ptr'>): Promise<number> {
  await tx`select pg_advisory_xact_lock_shared(hashtextextended(${`subjects:${partner}`}, 0))`
  return selectGeneration(tx, partner)
}

/** Keeps everybody else from making names for a partner until the transaction ends. */
export async function seizeGeneration(tx: Transaction, partner: Id<'ptr'>): Promise<number> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`subjects:${partner}`}, 0))`
  return selectGeneration(tx, partner)
}

/** The newest generation of a partner's names, as the statement sees it. */
export async function selectGeneration(sql: Reader, partner: Id<'ptr'>): Promise<number> {
  const [row] = await sql<{ generation: number }[]>`
    select coalesce(max(generation), 1)::int as generation from subject_generations where partner_id = ${uuidOf(partner)}`
  return row?.generation ?? 1
}

/** When the names before the newest generation are understood no more. */
export async function selectOverlapEnd(sql: Reader, partner: Id<'ptr'>, generation: number): Promise<Date | undefined> {
  const [row] = await sql<{ ends: Date }[]>`
    select overlap_ends_at as ends from subject_generations
    where partner_id = ${uuidOf(partner)} and generation = ${generation}`
  return row?.ends
}

/** Keeps a generation; says whether it is new. */
export async function insertGeneration(tx: Transaction, kept: SubjectGeneration): Promise<boolean> {
  const { partner, generation, begunAt, overlapEndsAt, record } = kept
  const rows = await tx`
    insert into subject_generations (partner_id, generation, begun_at, overlap_ends_at, record_id)
    values (${uuidOf(partner)}, ${generation}, ${begunAt.toISOString()}, ${overlapEndsAt.toISOString()}, ${uuidOf(record)})
    on conflict on constraint subject_generations_pkey do nothing returning generation`
  return rows.length > 0
}

/** How many customers of a partner have names of an earlier generation, and how many have one at all. */
export async function countToRename(
  sql: Reader,
  partner: Id<'ptr'>,
  generation: number,
): Promise<{ readonly left: number; readonly all: number }> {
  const [row] = await sql<{ left: number; all: number }[]>`
    select count(*) filter (where key_version < ${generation})::int as left, count(*)::int as all
    from subjects where partner_id = ${uuidOf(partner)}`
  return row ?? { left: 0, all: 0 }
}

/** Holds up to so many customers of a partner who have names of an earlier generation; not those whom somebody else renames. */
export async function holdToRename(
  tx: Transaction,
  { partner, generation }: Pick<SubjectGeneration, 'partner' | 'generation'>,
  most: number,
): Promise<readonly Id<'cus'>[]> {
  const rows = await tx<{ customer_id: string }[]>`
    select customer_id from subjects where partner_id = ${uuidOf(partner)} and key_version < ${generation}
    limit ${most} for update skip locked`
  return rows.map(({ customer_id }) => idOf('cus', customer_id))
}

/** Gives customers their new names; the former ones are understood until the overlap ends. */
export async function renameSubjects(
  tx: Transaction,
  { partner, generation, overlapEndsAt }: Pick<SubjectGeneration, 'partner' | 'generation' | 'overlapEndsAt'>,
  renamed: readonly { readonly customer: Id<'cus'>; readonly subject: string }[],
): Promise<void> {
  const customers = renamed.map(({ customer }) => uuidOf(customer))
  await tx`
    insert into former_subjects (subject, partner_id, customer_id, generation, ends_at)
    select subject, partner_id, customer_id, key_version, ${overlapEndsAt.toISOString()}
    from subjects where partner_id = ${uuidOf(partner)} and customer_id = any (${customers}::text[]::uuid[])
      and key_version < ${generation}
    on conflict on constraint former_subjects_pkey do nothing`
  await tx`
    update subjects s set subject = r.subject, key_version = ${generation}
    from unnest(${customers}::text[]::uuid[], ${renamed.map(({ subject }) => subject)}::text[]) as r (customer_id, subject)
    where s.partner_id = ${uuidOf(partner)} and s.customer_id = r.customer_id and s.key_version < ${generation}`
}

/** A name that a customer had, and the one that they have. */
export type RenamedSubject = { readonly former: string; readonly subject: string; readonly until: Date }

/** Names of a partner's customers that are still understood though they have others, in their own order. */
export async function selectRenamed(
  sql: Reader,
  partner: Id<'ptr'>,
  { cursor, direction, limit }: Page,
): Promise<readonly RenamedSubject[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<{ former: string; subject: string; ends_at: Date }[]>`
    select f.subject as former, s.subject, f.ends_at
    from former_subjects f join subjects s on s.partner_id = f.partner_id and s.customer_id = f.customer_id
    where f.partner_id = ${uuidOf(partner)} and f.ends_at > clock_timestamp()
      ${from === undefined ? sql`` : forward ? sql`and f.subject > ${from}` : sql`and f.subject < ${from}`}
    order by f.subject ${forward ? sql`asc` : sql`desc`} limit ${limit + 1}`
  return rows.map(({ former, subject, ends_at }) => ({ former, subject, until: ends_at }))
}

/** Takes former names away: of customers who are erased. */
export async function deleteFormer(tx: Transaction, customers: readonly Id<'cus'>[]): Promise<void> {
  await tx`delete from former_subjects where customer_id = any (${customers.map(uuidOf)}::text[]::uuid[])`
}

/** Takes up to so many former names away that are understood no more. */
export async function deleteOverlapped(tx: Transaction, most: number): Promise<number> {
  const rows = await tx`
    delete from former_subjects where subject in (
      select subject from former_subjects where ends_at <= now() limit ${most} for update skip locked)`
  return rows.count
}
