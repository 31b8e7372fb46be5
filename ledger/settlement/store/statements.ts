import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Month } from '../../../kernel/month.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { RuleExplanation } from '../../splits/explanation.ts'
import type { AnyRule } from '../../splits/manual-adjustment.ts'
import type { Run } from '../period-run.ts'
import type { Statement, StatementRule, StatementStatus } from '../statement.ts'

type StatementRow = {
  readonly id: string
  readonly number: string
  readonly period_id: string
  readonly programme_id: string
  readonly agreement_id: string
  readonly partner_id: string
  readonly month: Month
  readonly asset: Asset
  readonly terms_version: number
  readonly terms_hash: string
  readonly opening: string
  readonly earned: string
  readonly holdback: string
  readonly released: string
  readonly clawbacks: string
  readonly payout: string
  readonly vat: string
  readonly withholding: string
  readonly transfer: string
  readonly closing: string
  readonly held: string
  readonly release_month: Month
  readonly line_count: number
  readonly status: StatementStatus
  readonly issued_at: Date | null
  readonly record_id: string | null
}

/** Which statements a list holds; absent means all. */
export type StatementFilter = {
  readonly partner?: Id<'ptr'> | undefined
  readonly programme?: Id<'prg'> | undefined
  readonly month?: Month | undefined
}

/** An issued statement; with a partner, only one of its own. */
export async function selectStatement(
  sql: Reader,
  { id, partner }: { readonly id: Id<'sta'>; readonly partner?: Id<'ptr'> | undefined },
): Promise<Statement | undefined> {
  const owner = partner === undefined ? null : uuidOf(partner)
  const [row] = await sql<StatementRow[]>`
    select ${columns(sql)} from statements s
    where s.id = ${uuidOf(id)} and s.issued_at is not null and (${owner}::uuid is null or s.partner_id = ${owner}::uuid)`
  return row && statementOf(row)
}

/** Up to one more issued statement than the page holds, in the page's direction, in the order of their making. */
export async function selectStatements(
  sql: Reader,
  { partner, programme, month }: StatementFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly Statement[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<StatementRow[]>`
    select ${columns(sql)} from statements s where s.issued_at is not null
      ${partner === undefined ? sql`` : sql`and s.partner_id = ${uuidOf(partner)}`}
      ${programme === undefined ? sql`` : sql`and s.programme_id = ${uuidOf(programme)}`}
      ${month === undefined ? sql`` : sql`and s.month = ${month}`}
      ${from === undefined ? sql`` : forward ? sql`and s.id > ${from}::uuid` : sql`and s.id < ${from}::uuid`}
    order by s.id ${forward ? sql`asc` : sql`desc`} limit ${limit + 1}`
  return rows.map(statementOf)
}

/** A draft that is to be issued. */
export type StatementToIssue = Statement & { readonly partnerCode: string; readonly createdAt: Date }

/** All drafts of a run, by number. */
export async function selectDrafts(sql: Reader, { period, run }: Run): Promise<readonly StatementToIssue[]> {
  const rows = await sql<(StatementRow & { readonly partner_code: string; readonly created_at: Date })[]>`
    select ${columns(sql)}, s.created_at, d.code as partner_code
    from statements s join partner_duties d on d.partner_id = s.partner_id
    where s.period_id = ${uuidOf(period)} and s.run = ${run} and s.status = 'DRAFT' order by s.number`
  return rows.map((row) => ({ ...statementOf(row), partnerCode: row.partner_code, createdAt: row.created_at }))
}

/**
 * Statements of a run whose lines or rules do not sum to what they say; what a corrected month takes in all is clawed back.
 * There are none, or we are at fault.
 */
export async function selectUnsoundDrafts(sql: Reader, { period, run }: Run): Promise<readonly string[]> {
  const rows = await sql<{ number: string }[]>`
    select s.number from statements s
    cross join lateral (
      select coalesce(sum(l.minor), 0) as minor, count(*) as lines from statement_lines l where l.statement_id = s.id
    ) l
    cross join lateral (
      select coalesce(sum(o.minor), 0) as minor, coalesce(sum(o.lines), 0) as lines,
        coalesce(sum(o.minor) filter (where o.origin_month is not null and o.minor < 0), 0) as clawbacks
      from (
        select e.origin_month, sum(e.minor) as minor, sum(e.line_count) as lines
        from earnings e where e.statement_id = s.id group by e.origin_month
      ) o
    ) e
    where s.period_id = ${uuidOf(period)} and s.run = ${run} and s.status = 'DRAFT'
      and (l.minor, l.lines, e.minor, e.lines, e.clawbacks) is distinct from
        (s.earned + s.clawbacks, s.line_count, s.earned + s.clawbacks, s.line_count, s.clawbacks)`
  return rows.map(({ number }) => number)
}

/** A statement and the record that says it is issued, at whose time it is. */
export type Issue = { readonly id: Id<'sta'>; readonly record: AppendedRecord }

/** Issues drafts, each with its record. Returns how many were. */
export async function issueDrafts(tx: Transaction, issues: readonly Issue[]): Promise<number> {
  const rows = await tx`
    update statements s set status = 'ISSUED', issued_at = i.at, record_id = i.record_id
    from unnest(
      ${issues.map(({ id }) => uuidOf(id))}::uuid[], ${issues.map(({ record }) => uuidOf(record.id))}::uuid[],
      ${issues.map(({ record }) => record.at.toISOString())}::text[]::timestamptz[]
    ) as i (id, record_id, at)
    where s.id = i.id and s.status = 'DRAFT'`
  return rows.count
}

type EarningRow = {
  readonly statement_id: string
  readonly rule_no: number
  readonly rule_kind: AnyRule['kind']
  readonly origin_month: Month | null
  readonly adjustment_id: string | null
  readonly minor: string
  readonly forgone: string
  readonly line_count: number
  readonly commitment: string
  readonly explanation: RuleExplanation
  readonly record_ids: readonly string[]
}

/** What rules gave in each of the statements, in the order of the rules. */
export async function selectRules(
  sql: Reader,
  statements: readonly Id<'sta'>[],
): Promise<ReadonlyMap<Id<'sta'>, readonly StatementRule[]>> {
  const rows = await sql<EarningRow[]>`
    select e.statement_id, e.rule_no, e.rule_kind, e.minor, e.forgone, e.line_count, e.commitment, e.explanation,
      e.record_ids, e.origin_month, e.adjustment_id
    from earnings e where e.statement_id = any(${statements.map(uuidOf)}::uuid[]) order by e.statement_id, e.rule_no`
  const rules = Map.groupBy(rows, (row) => idOf('sta', row.statement_id))
  return new Map(statements.map((id) => [id, (rules.get(id) ?? []).map(ruleOf)]))
}

function ruleOf(row: EarningRow): StatementRule {
  return {
    ruleNo: row.rule_no,
    kind: row.rule_kind,
    originPeriod: row.origin_month ?? undefined,
    adjustment: row.adjustment_id === null ? undefined : idOf('adj', row.adjustment_id),
    minor: BigInt(row.minor),
    forgone: BigInt(row.forgone),
    lineCount: row.line_count,
    commitment: row.commitment,
    explanation: row.explanation,
    records: row.record_ids.map((uuid) => idOf('rec', uuid)),
  }
}

function columns(sql: Reader): Fragment {
  return sql`s.id, s.number, s.period_id, s.programme_id, s.agreement_id, s.partner_id, s.month, s.asset,
    s.terms_version, s.terms_hash, s.opening, s.earned, s.holdback, s.released, s.clawbacks, s.payout, s.vat,
    s.withholding, s.transfer, s.closing, s.held, s.release_month, s.line_count, s.status, s.issued_at, s.record_id`
}

function statementOf(row: StatementRow): Statement {
  return {
    id: idOf('sta', row.id),
    number: row.number,
    period: idOf('per', row.period_id),
    programme: idOf('prg', row.programme_id),
    agreement: idOf('agr', row.agreement_id),
    partner: idOf('ptr', row.partner_id),
    month: row.month,
    asset: row.asset,
    terms: { version: row.terms_version, hash: row.terms_hash },
    opening: BigInt(row.opening),
    earned: BigInt(row.earned),
    holdback: BigInt(row.holdback),
    released: BigInt(row.released),
    clawbacks: BigInt(row.clawbacks),
    payout: BigInt(row.payout),
    vat: BigInt(row.vat),
    withholding: BigInt(row.withholding),
    transfer: BigInt(row.transfer),
    closing: BigInt(row.closing),
    held: BigInt(row.held),
    releaseMonth: row.release_month,
    lineCount: row.line_count,
    status: row.status,
    issuedAt: row.issued_at ?? undefined,
    record: row.record_id === null ? undefined : idOf('rec', row.record_id),
  }
}
