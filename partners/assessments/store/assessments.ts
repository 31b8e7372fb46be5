import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'
import type { Assessment, AssessmentStatus, Score } from '../assessment.ts'

const MOST_LISTED = 100

type Row = {
  readonly id: string
  readonly partner_id: string
  readonly status: AssessmentStatus
  readonly rubric: number
  readonly assessors: readonly string[]
  readonly approvers: readonly string[]
  readonly scores: readonly Score[]
  readonly reason: string | null
  readonly expires_at: Date | null
  readonly version: number
  readonly changed_at: Date
  readonly record_id: string
}

/** The assessment with this id, or nothing. */
export async function selectAssessment(sql: Reader, id: string): Promise<Assessment | undefined> {
  if (!isId('asm', id)) return undefined
  const [row] = await sql<Row[]>`select * from assessments where id = ${uuidOf(id)}`
  return row && assessmentOf(row)
}

/** Holds an assessment until the transaction ends: nobody else says its next version. With the database's time. */
export async function holdAssessment(
  tx: Transaction,
  id: Id<'asm'>,
): Promise<{ readonly assessment: Assessment; readonly now: Date; readonly inTwelveMonths: Date } | undefined> {
  const [row] = await tx<(Row & { readonly now: Date; readonly later: Date })[]>`
    select a.*, date_trunc('milliseconds', clock_timestamp()) as now,
           date_trunc('milliseconds', clock_timestamp() + interval '12 months') as later
    from assessments a where a.id = ${uuidOf(id)} for update`
  return row && { assessment: assessmentOf(row), now: row.now, inTwelveMonths: row.later }
}

/** A partner's assessments, the last opened first. */
export async function selectAssessments(sql: Reader, partner: Id<'ptr'>): Promise<readonly Assessment[]> {
  const rows = await sql<Row[]>`
    select * from assessments where partner_id = ${uuidOf(partner)} order by id desc limit ${MOST_LISTED}`
  return rows.map(assessmentOf)
}

/** The last opened of each of these partners. */
export async function selectLastAssessments(
  sql: Reader,
  partners: readonly Id<'ptr'>[],
): Promise<readonly Assessment[]> {
  const rows = await sql<Row[]>`
    select distinct on (partner_id) * from assessments
    where partner_id = any (${partners.map(uuidOf)}::text[]::uuid[]) order by partner_id, id desc`
  return rows.map(assessmentOf)
}

/** Whether a partner applied and has nothing that counts now, by the database's clock. */
export async function lacksAssessment(sql: Reader, partner: Id<'ptr'>): Promise<boolean> {
  const id = uuidOf(partner)
  const [row] = await sql<{ lacks: boolean }[]>`
    select exists (select from partner_applications where partner_id = ${id}) and not exists (
      select from assessments where partner_id = ${id} and status = 'PASSED' and expires_at > clock_timestamp()) as lacks`
  return row?.lacks !== false
}

/** Writes a version, unless a later one stands there. */
export async function upsertAssessment(tx: Transaction, said: Assessment): Promise<void> {
  const { id, partner, status, rubric, assessors, approvers, scores, reason, expiresAt, version, changedAt, record } =
    said
  await tx`
    insert into assessments as a
      (id, partner_id, status, rubric, assessors, approvers, scores, reason, expires_at, version, changed_at, record_id)
    values (${uuidOf(id)}, ${uuidOf(partner)}, ${status}, ${rubric}, ${[...assessors]}::text[], ${[...approvers]}::text[],
      ${JSON.stringify(scores)}::text::jsonb, ${reason ?? null}, ${expiresAt?.toISOString() ?? null}, ${version},
      ${changedAt.toISOString()}, ${uuidOf(record)})
    on conflict on constraint assessments_pkey do update
      set status = excluded.status, assessors = excluded.assessors, approvers = excluded.approvers,
          scores = excluded.scores, reason = excluded.reason, expires_at = excluded.expires_at,
          version = excluded.version, changed_at = excluded.changed_at, record_id = excluded.record_id
      where a.version < excluded.version`
}

function assessmentOf(row: Row): Assessment {
  const { status, rubric, assessors, approvers, scores, version } = row
  return {
    ...{ id: idOf('asm', row.id), partner: idOf('ptr', row.partner_id), status, rubric, assessors, approvers, scores },
    ...{ reason: row.reason ?? undefined, expiresAt: row.expires_at ?? undefined },
    ...{ version, changedAt: row.changed_at, record: idOf('rec', row.record_id) },
  }
}
