import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AudienceCondition, AudienceQuestion } from '../audience.ts'
import type { MemberSet } from '../member-set.ts'
import type { CohortPlace } from './cohorts.ts'

/** What was asked before, of whichever cohort that is remembered. */
export type Asked = {
  readonly cohort: string
  readonly fingerprint: string
  readonly count: number | undefined
  /** Who was counted; absent where that stands beside an earlier asking of the same. */
  readonly members: MemberSet | undefined
}

/** What a partner asked for a purpose, of this cohort and of those before that are remembered, the first first. */
export async function selectAsked(
  tx: Transaction,
  { partner, purpose }: CohortPlace,
  cohort: string,
): Promise<readonly Asked[]> {
  const rows = await tx<{ cohort_id: string; fingerprint: string; count: number | null; members: Buffer | null }[]>`
    select cohort_id, fingerprint, count, members from audience_questions
    where partner_id = ${uuidOf(partner)} and purpose = ${purpose} and (members is not null or cohort_id = ${cohort})
    order by id`
  return rows.map(({ cohort_id, fingerprint, count, members }) => ({
    ...{ cohort: cohort_id, fingerprint, count: count ?? undefined },
    members: members === null ? undefined : new Uint8Array(members),
  }))
}

/** A question as it is kept. */
export type NewQuestion = {
  readonly id: Id<'adq'>
  readonly cohort: string
  readonly partner: Id<'ptr'>
  readonly purpose: string
  readonly client: Id<'cli'>
  readonly fingerprint: string
  readonly conditions: readonly AudienceCondition[]
  readonly count: number | undefined
  readonly members: MemberSet | undefined
  readonly requestId: string
}

export async function insertQuestion(tx: Transaction, asked: NewQuestion): Promise<void> {
  const { id, cohort, partner, purpose, client, fingerprint, conditions, count, members, requestId } = asked
  await tx`
    insert into audience_questions
      (id, cohort_id, partner_id, purpose, client_id, fingerprint, conditions, count, members, request_id)
    values (${uuidOf(id)}, ${cohort}, ${uuidOf(partner)}, ${purpose}, ${uuidOf(client)}, ${fingerprint},
      ${JSON.stringify(conditions)}::jsonb, ${count ?? null}, ${members === undefined ? null : Buffer.from(members)}, ${requestId})`
}

/** Up to one more than the page holds, the latest first. */
export async function selectQuestions(
  sql: Reader,
  partner: Id<'ptr'> | undefined,
  { cursor, direction, limit }: Page,
): Promise<readonly AudienceQuestion[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<
    {
      id: string
      partner_id: string
      purpose: string
      conditions: readonly AudienceCondition[]
      count: number | null
      asked_at: Date
    }[]
  >`
    select id, partner_id, purpose, conditions, count, asked_at from audience_questions
    where true
      ${partner === undefined ? sql`` : sql`and partner_id = ${uuidOf(partner)}`}
      ${from === undefined ? sql`` : forward ? sql`and id < ${from}::uuid` : sql`and id > ${from}::uuid`}
    order by id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(({ id, partner_id, purpose, conditions, count, asked_at }) => ({
    ...{ id: idOf('adq', id), partnerId: idOf('ptr', partner_id), purpose, conditions, count: count ?? undefined },
    askedAt: asked_at,
  }))
}
