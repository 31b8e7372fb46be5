import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, isId, uuidOf } from '../../../kernel/ids.ts'
import { invariant } from '../../../kernel/invariant.ts'
import type { Span } from '../../../kernel/month.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { Agreement, AgreementEnd, AgreementStatus } from '../agreement.ts'
import type { DataScope } from '../data-scope.ts'

type AgreementRow = {
  readonly id: string
  readonly programme_id: string
  readonly partner_id: string
  readonly partner_code: string
  readonly starts_at: Date
  readonly ends_at: Date | null
  readonly status: AgreementStatus
  readonly ended_at: Date | null
  readonly end_reason: string | null
  readonly end_record_id: string | null
  readonly data_scope: DataScope | null
}

/** Which agreements a list holds; absent means all. */
export type AgreementFilter = {
  readonly programme?: Id<'prg'> | undefined
  readonly partner?: Id<'ptr'> | undefined
}

/** Agreements of a programme by partner's code (bytewise) and start; of a span, those that touch it. */
export async function agreementsOfProgramme(
  sql: Reader,
  programme: Id<'prg'>,
  span?: Span,
): Promise<readonly Agreement[]> {
  const rows = await sql<AgreementRow[]>`
    select ${columns(sql)} from agreements a join partner_duties d on d.partner_id = a.partner_id
    where a.programme_id = ${uuidOf(programme)}
      and tstzrange(a.starts_at, a.ends_at) && tstzrange(${timeOf(span?.from)}, ${timeOf(span?.to)})
    order by d.code collate "C", a.starts_at, a.id`
  return rows.map(agreementOf)
}

/** The agreement with this id, or nothing. */
export async function selectAgreement(sql: Reader, id: Id<'agr'>): Promise<Agreement | undefined> {
  const [row] = await sql<AgreementRow[]>`
    select ${columns(sql)} from agreements a join partner_duties d on d.partner_id = a.partner_id
    where a.id = ${uuidOf(id)}`
  return row && agreementOf(row)
}

/** Up to one more than the page holds, in the page's direction, oldest first. */
export async function selectAgreements(
  sql: Reader,
  { programme, partner }: AgreementFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly Agreement[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<AgreementRow[]>`
    select ${columns(sql)} from agreements a join partner_duties d on d.partner_id = a.partner_id
    where (${optionalUuid(programme)}::uuid is null or a.programme_id = ${optionalUuid(programme)}::uuid)
      and (${optionalUuid(partner)}::uuid is null or a.partner_id = ${optionalUuid(partner)}::uuid)
      ${from === undefined ? sql`` : forward ? sql`and a.id > ${from}::uuid` : sql`and a.id < ${from}::uuid`}
    order by a.id ${forward ? sql`asc` : sql`desc`} limit ${limit + 1}`
  return rows.map(agreementOf)
}

/** The partner with this id or code, as the view of the folder of partners has it, or nothing. */
export async function findMember(
  sql: Reader,
  codeOrId: string,
): Promise<{ readonly partner: Id<'ptr'>; readonly code: string } | undefined> {
  const uuid = isId('ptr', codeOrId) ? uuidOf(codeOrId) : null
  const [row] = await sql<{ partner_id: string; code: string }[]>`
    select d.partner_id, d.code from partner_duties d
    where case when ${uuid}::uuid is null then d.code = ${codeOrId} else d.partner_id = ${uuid}::uuid end`
  return row && { partner: idOf('ptr', row.partner_id), code: row.code }
}

/** The same; throws `NOT_FOUND` when there is none. */
export async function requireMember(
  sql: Reader,
  codeOrId: string,
): Promise<{ readonly partner: Id<'ptr'>; readonly code: string }> {
  const member = await findMember(sql, codeOrId)
  if (member !== undefined) return member
  throw new Fault('NOT_FOUND', `there is no partner ${JSON.stringify(codeOrId)}`, { field: 'partner' })
}

/** Statuses in which a partner is on its way out, or was never let in. */
const GONE: readonly string[] = ['OFFBOARDING', 'CLOSED', 'REJECTED']

/** The partner with this id or code, if it may be made a member. Throws `NOT_FOUND`, and `WRONG_STATE` for one that leaves. */
export async function requireJoining(
  sql: Reader,
  codeOrId: string,
): Promise<{ readonly partner: Id<'ptr'>; readonly code: string }> {
  const member = await requireMember(sql, codeOrId)
  const [row] = await sql<{ status: string }[]>`
    select d.status from partner_duties d where d.partner_id = ${uuidOf(member.partner)}`
  if (row === undefined || !GONE.includes(row.status)) return member
  throw new Fault('WRONG_STATE', `partner ${member.code} is ${row.status}: it is made no member`, { field: 'partner' })
}

/** Whether a partner's account with us is at its end. */
export async function hasLeft(sql: Reader, partner: Id<'ptr'>): Promise<boolean> {
  const rows = await sql`
    select from partner_duties d where d.partner_id = ${uuidOf(partner)} and d.status = 'CLOSED'`
  return rows.length > 0
}

/** A partner's code, and whether its clients may act now. */
export async function selectActing(
  sql: Reader,
  partner: Id<'ptr'>,
): Promise<{ readonly code: string; readonly acts: boolean }> {
  const [row] = await sql<{ code: string; tokens: boolean }[]>`
    select d.code, d.tokens from partner_duties d where d.partner_id = ${uuidOf(partner)}`
  invariant(row, 'a partner that calls is there')
  return { code: row.code, acts: row.tokens }
}

export async function insertAgreement(
  tx: Transaction,
  agreement: Omit<Agreement, 'partnerCode' | 'end'> & { readonly record: Id<'rec'>; readonly createdAt: Date },
): Promise<void> {
  await tx`
    insert into agreements (id, programme_id, partner_id, starts_at, ends_at, status, data_scope, record_id, created_at)
    values (${uuidOf(agreement.id)}, ${uuidOf(agreement.programme)}, ${uuidOf(agreement.partner)},
      ${agreement.startsAt.toISOString()}, ${timeOf(agreement.endsAt)}, ${agreement.status},
      ${agreement.dataScope === undefined ? null : JSON.stringify(agreement.dataScope)}::text::jsonb,
      ${uuidOf(agreement.record)}, ${agreement.createdAt.toISOString()})`
}

/** The agreement with this id, or nothing; nobody else changes it until the transaction ends. */
export async function holdAgreement(tx: Transaction, id: Id<'agr'>): Promise<Agreement | undefined> {
  await tx`select from agreements where id = ${uuidOf(id)} for no key update`
  return selectAgreement(tx, id)
}

/** Ends an agreement. */
export async function updateEnd(
  tx: Transaction,
  { id, endsAt, end }: { readonly id: Id<'agr'>; readonly endsAt: Date; readonly end: AgreementEnd },
): Promise<void> {
  await tx`
    update agreements set status = 'ENDED', ends_at = ${endsAt.toISOString()}, ended_at = ${end.endedAt.toISOString()},
      end_reason = ${end.reason}, end_record_id = ${uuidOf(end.record)}
    where id = ${uuidOf(id)}`
}

/** Whether the partner is a member of the programme at some time of a span, whose end may be open. */
export async function isMemberIn(
  sql: Reader,
  { programme, partner, startsAt, endsAt }: Pick<Agreement, 'programme' | 'partner' | 'startsAt' | 'endsAt'>,
): Promise<boolean> {
  const rows = await sql`
    select from agreements a where a.programme_id = ${uuidOf(programme)} and a.partner_id = ${uuidOf(partner)}
      and tstzrange(a.starts_at, a.ends_at) && tstzrange(${startsAt.toISOString()}, ${timeOf(endsAt)}) limit 1`
  return rows.length > 0
}

function columns(sql: Reader): Fragment {
  return sql`a.id, a.programme_id, a.partner_id, d.code as partner_code, a.starts_at, a.ends_at, a.status, a.ended_at,
    a.end_reason, a.end_record_id, a.data_scope`
}

function timeOf(at: Date | undefined): string | null {
  return at?.toISOString() ?? null
}

function optionalUuid(id: Id<'prg'> | Id<'ptr'> | undefined): string | null {
  return id === undefined ? null : uuidOf(id)
}

function agreementOf(row: AgreementRow): Agreement {
  return {
    id: idOf('agr', row.id),
    programme: idOf('prg', row.programme_id),
    partner: idOf('ptr', row.partner_id),
    partnerCode: row.partner_code,
    startsAt: row.starts_at,
    endsAt: row.ends_at ?? undefined,
    status: row.status,
    end: endOf(row),
    ...(row.data_scope !== null && { dataScope: row.data_scope }),
  }
}

function endOf({ ended_at, end_reason, end_record_id }: AgreementRow): AgreementEnd | undefined {
  if (ended_at === null || end_reason === null || end_record_id === null) return undefined
  return { reason: end_reason, endedAt: ended_at, record: idOf('rec', end_record_id) }
}
