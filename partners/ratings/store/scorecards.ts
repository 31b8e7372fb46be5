import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Month } from '../../../kernel/month.ts'
import type { Grade, Scorecard, Scored } from '../scorecard.ts'

type Row = {
  readonly id: string
  readonly partner_id: string
  readonly month: Month
  readonly version: number
  readonly grade: Grade
  readonly score: number | null
  readonly measures: readonly Scored[]
  readonly reason: string | null
  readonly rated_at: Date
  readonly record_id: string
}

/** Makes those who rate a partner take turns until their transactions end. */
export async function lockRating(tx: Transaction, partner: Id<'ptr'>): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`rating:${partner}`}, 0))`
}

/** How a partner was rated for a month, by the last correction. */
export async function selectScorecard(sql: Reader, partner: Id<'ptr'>, month: Month): Promise<Scorecard | undefined> {
  const [row] = await sql<Row[]>`
    select * from scorecards where partner_id = ${uuidOf(partner)} and month = ${month} order by version desc limit 1`
  return row && scorecardOf(row)
}

/** The last scorecard of each of a partner's months, the latest month first. */
export async function selectScorecards(sql: Reader, partner: Id<'ptr'>, most: number): Promise<readonly Scorecard[]> {
  const rows = await sql<Row[]>`
    select distinct on (month) * from scorecards where partner_id = ${uuidOf(partner)}
    order by month desc, version desc limit ${most}`
  return rows.map(scorecardOf)
}

/** The last scorecard of each partner for a month, by partner's code. */
export async function selectScorecardsOf(
  sql: Reader,
  month: Month,
): Promise<readonly (Scorecard & { readonly partnerCode: string })[]> {
  const rows = await sql<(Row & { readonly code: string })[]>`
    select distinct on (p.code) s.*, p.code from scorecards s join partners p on p.id = s.partner_id
    where s.month = ${month} order by p.code, s.version desc`
  return rows.map((row) => ({ ...scorecardOf(row), partnerCode: row.code }))
}

/** Partners that were there before an instant and are live, or were suspended: those who are rated. */
export async function selectRated(
  sql: Reader,
  before: Date,
): Promise<readonly { readonly id: Id<'ptr'>; readonly code: string }[]> {
  const rows = await sql<{ id: string; code: string }[]>`
    select id, code from partners
    where status in ('LIVE', 'SUSPENDED') and created_at < ${before.toISOString()}::timestamptz order by code`
  return rows.map(({ id, code }) => ({ id: idOf('ptr', id), code }))
}

export async function insertScorecard(tx: Transaction, said: Scorecard): Promise<void> {
  const { id, partner, month, version, grade, score, measures, reason, ratedAt, record } = said
  await tx`
    insert into scorecards (id, partner_id, month, version, grade, score, measures, reason, rated_at, record_id)
    values (${uuidOf(id)}, ${uuidOf(partner)}, ${month}, ${version}, ${grade}, ${score ?? null},
      ${JSON.stringify(measures)}::text::jsonb, ${reason ?? null}, ${ratedAt.toISOString()}, ${uuidOf(record)})`
}

function scorecardOf(row: Row): Scorecard {
  return {
    ...{ id: idOf('scd', row.id), partner: idOf('ptr', row.partner_id), month: row.month, version: row.version },
    ...{ grade: row.grade, score: row.score ?? undefined },
    measures: row.measures.map((one) => ({ ...one, ppm: one.ppm, points: one.points })),
    ...{ reason: row.reason ?? undefined, ratedAt: row.rated_at, record: idOf('rec', row.record_id) },
  }
}
