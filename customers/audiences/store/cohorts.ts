import type { Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { TagKeyRow } from '../../sealing/store/tag-keys.ts'
import { tagKeysJson } from '../../sealing/store/tag-keys.ts'
import type { KeptTags } from '../../store/kept-values.ts'
import type { MaskDefinitions } from '../../store/masked-tags.ts'
import { consentThatCounts, duties, sharedTags } from '../../store/shared-tags.ts'
import type { MemberSet } from '../member-set.ts'

/** For whom and what for. */
export type CohortPlace = { readonly partner: Id<'ptr'>; readonly purpose: string }

/** A cohort as it stands. */
export type Cohort = {
  readonly id: string
  readonly size: number
  readonly frozenAt: Date
  readonly endsAt: Date
  readonly isOver: boolean
}

/** Who would be counted now, with what they share. */
export type Candidate = { readonly customer: string; readonly consent: string; readonly tags: KeptTags | null }

/** Holds a partner's counting for a purpose until the transaction ends: questions come one after another. */
export async function holdCounting(tx: Transaction, { partner, purpose }: CohortPlace): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`audience:${partner}:${purpose}`}, 0))`
}

/** The last cohort, by the database's clock. */
export async function selectCohort(tx: Transaction, { partner, purpose }: CohortPlace): Promise<Cohort | undefined> {
  const [row] = await tx<{ id: string; size: number; frozen_at: Date; ends_at: Date; over: boolean }[]>`
    select id, size, frozen_at, ends_at, ends_at <= now() as over from audience_cohorts
    where partner_id = ${uuidOf(partner)} and purpose = ${purpose} order by frozen_at desc limit 1`
  return row && { id: row.id, size: row.size, frozenAt: row.frozen_at, endsAt: row.ends_at, isOver: row.over }
}

/**
 * Whoever the partner may read for the purpose now, by the same rules as a read, with what each shares, in the order of the
 * customers' ids. Consents that are limited in their uses are left out: to be counted is a use.
 */
export async function selectCandidates(
  tx: Transaction,
  { partner, purpose }: CohortPlace,
): Promise<{
  readonly candidates: readonly Candidate[]
  readonly definitions: MaskDefinitions
  readonly keys: readonly TagKeyRow[] | null
}> {
  const id = tx`${uuidOf(partner)}::uuid`
  const rows = await tx<{ customer_id: string; consent_id: string; tags: KeptTags | null }[]>`
    select s.customer_id, g.consent_id, r.tags
    from subjects s
    cross join lateral (${duties(tx, id)}) as d
    cross join lateral (${consentThatCounts(tx, id, tx`${purpose}`)}) as g
    cross join lateral (${sharedTags(tx, id, tx`null::jsonb`)}) as r
    where s.partner_id = ${id} and not g.limited
    order by s.customer_id`
  const [beside] = await tx<{ definitions: MaskDefinitions | null; keys: readonly TagKeyRow[] | null }[]>`
    select json_object_agg(d.key, json_build_object(
      'type', d.type, 'values', d.values, 'bands', d.bands, 'flag', d.flag)) as definitions, ${tagKeysJson(tx)} as keys
    from tag_definitions d`
  const candidates = rows.map(({ customer_id, consent_id, tags }) => ({
    customer: customer_id,
    consent: consent_id,
    tags,
  }))
  return { candidates, definitions: beside?.definitions ?? {}, keys: beside?.keys ?? null }
}

/** How many are in one of two lists of members alone: those of a cohort, and others by customer and consent. */
export async function countChanged(tx: Transaction, cohort: string, candidates: readonly Candidate[]): Promise<number> {
  const [row] = await tx<{ count: number }[]>`
    select count(*)::int from (
      select customer_id, consent_id from audience_members where cohort_id = ${cohort}
    ) as m full join (
      select * from unnest(${candidates.map(({ customer }) => customer)}::text[]::uuid[],
        ${candidates.map(({ consent }) => consent)}::text[]::uuid[]) as c (customer_id, consent_id)
    ) as c using (customer_id, consent_id)
    where m.customer_id is null or c.customer_id is null`
  return row?.count ?? 0
}

/** Lets a cohort go on for so many days. */
export async function prolongCohort(tx: Transaction, cohort: string, days: number): Promise<void> {
  await tx`update audience_cohorts set ends_at = now() + make_interval(days => ${days}) where id = ${cohort}`
}

/** A value and who has it. */
export type Facet = {
  readonly tag: string
  readonly granularity: string
  readonly value: string
  readonly members: MemberSet
}

/** Keeps a cohort: its members in their places, and who has which value. */
export async function insertCohort(
  tx: Transaction,
  { partner, purpose }: CohortPlace,
  {
    id,
    members,
    facets,
    days,
  }: {
    readonly id: string
    readonly members: readonly Candidate[]
    readonly facets: readonly Facet[]
    readonly days: number
  },
): Promise<void> {
  await tx`
    insert into audience_cohorts (id, partner_id, purpose, size, ends_at)
    values (${id}, ${uuidOf(partner)}, ${purpose}, ${members.length}, now() + make_interval(days => ${days}))`
  await tx`
    insert into audience_members (cohort_id, ordinal, customer_id, consent_id)
    select ${id}::uuid, m.place - 1, m.customer_id, m.consent_id
    from unnest(${members.map(({ customer }) => customer)}::text[]::uuid[],
      ${members.map(({ consent }) => consent)}::text[]::uuid[]) with ordinality as m (customer_id, consent_id, place)`
  for (const { tag, granularity, value, members: set } of facets) {
    await tx`
      insert into audience_facets (cohort_id, tag_key, granularity, value, members)
      values (${id}, ${tag}, ${granularity}, ${value}, ${Buffer.from(set)})`
  }
}

/** Who has one of the values; sets to be joined. */
export async function selectFacets(
  tx: Transaction,
  cohort: string,
  {
    tag,
    granularity,
    values,
  }: { readonly tag: string; readonly granularity: string; readonly values: readonly string[] },
): Promise<readonly MemberSet[]> {
  const rows = await tx<{ members: Buffer }[]>`
    select members from audience_facets
    where cohort_id = ${cohort} and tag_key = ${tag} and granularity = ${granularity} and value = any (${[...values]})`
  return rows.map(({ members }) => new Uint8Array(members))
}

/** The places of members whose consent counts at this moment, and who are still there. */
export async function selectStanding(
  tx: Transaction,
  cohort: string,
  { partner, purpose }: CohortPlace,
): Promise<readonly number[]> {
  const id = tx`${uuidOf(partner)}::uuid`
  const rows = await tx<{ ordinal: number }[]>`
    select s.ordinal from audience_members s
    cross join lateral (${duties(tx, id)}) as d
    cross join lateral (${consentThatCounts(tx, id, tx`${purpose}`)}) as g
    where s.cohort_id = ${cohort} and g.consent_id = s.consent_id`
  return rows.map(({ ordinal }) => ordinal)
}

/** Takes customers who are erased out of every cohort: they are counted no more. */
export async function deleteMembers(tx: Transaction, customers: readonly Id<'cus'>[]): Promise<void> {
  await tx`delete from audience_members where customer_id = any (${customers.map(uuidOf)}::text[]::uuid[])`
}

/** Removes cohorts that are over for so many days, and who was counted in them; the questions stay. */
export async function deleteOldCohorts(tx: Transaction, days: number): Promise<number> {
  const rows = await tx<{ id: string }[]>`
    delete from audience_cohorts where ends_at < now() - make_interval(days => ${days}) returning id`
  await tx`
    update audience_questions set members = null
    where members is not null and cohort_id = any (${rows.map(({ id }) => id)}::text[]::uuid[])`
  return rows.length
}
