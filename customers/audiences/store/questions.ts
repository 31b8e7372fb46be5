import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AudienceCondition, AudienceQuestion } from '../audience.ts'
import type { MemberSet } from '../member-set.ts'

/** What was asked of a cohort before. */
export type Asked = {
  readonly fingerprint: string
  readonly count: number | undefined
  readonly members: MemberSet | undefined
}

export async function selectAsked(tx: Transaction, cohort: string): Promise<readonly Asked[]> {
  const rows = await tx<{ fingerprint: string; count: number | null; members: Buffer | null }[]>`
    select fingerprint, count, members from audience_questions where cohort_id = ${cohort} order by id`
  return rows.map(({ fingerprint, count, members }) => ({
    ...{ fingerprint, count: count ?? undefined, members: members === null ? undefined : new Uint8Array(members) },
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
  readonly members: MemberSet
  readonly requestId: string
}

export async function insertQuestion(tx: Transaction, asked: NewQuestion): Promise<void> {
  const { id, cohort, partner, purpose, client, fingerprint, conditions, count, members, requestId } = asked
  await tx`
    insert into audience_questions
      (id, cohort_id, partner_id, purpose, client_id, fingerprint, conditions, count, members, request_id)
    values (${uuidOf(id)}, ${cohort}, ${uuidOf(partner)}, ${purpose}, ${uuidOf(client)}, ${fingerprint},
      ${JSON.stringify(conditions)}::jsonb, ${count ?? null}, ${Buffer.from(members)}, ${requestId})`
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
