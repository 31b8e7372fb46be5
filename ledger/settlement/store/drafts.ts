import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Month } from '../../../kernel/month.ts'
import type { RuleExplanation } from '../../splits/explanation.ts'
import type { Statement, StatementRule } from '../statement.ts'

/** What an agreement's earlier statements, and what moved its balance since, leave for the next one. */
export type Balance = {
  readonly closing: bigint
  readonly held: bigint
  /** Holdback of earlier statements that is due. */
  readonly due: bigint
  /** What of the balance is not paid yet, because refunds may take it back. */
  readonly reserve: bigint
}

/**
 * What is carried, held, due and reserved in a month, by agreement: all that statements before it moved, what was written off
 * or paid back, and what was brought along from another system. Due is what is held back until a month after the last
 * statement, up to this one: a month without a statement skips no release. A reserve counts in months before its last one.
 */
export async function selectBalances(
  sql: Reader,
  { programme, month }: { readonly programme: Id<'prg'>; readonly month: Month },
): Promise<ReadonlyMap<Id<'agr'>, Balance>> {
  const rows = await sql<{ agreement_id: string; closing: string; held: string; due: string; reserve: string }[]>`
    with issued as (
      select s.* from statements s
      where s.programme_id = ${uuidOf(programme)} and s.month < ${month} and s.issued_at is not null
    ), last as (
      select i.agreement_id, max(i.month) as month from issued i group by i.agreement_id
    ), moved as (
      select i.agreement_id, i.closing - i.opening as carried, i.holdback - i.released as held, i.holdback as due,
        i.release_month
      from issued i
      union all
      select b.agreement_id, b.amount, 0, 0, null from balance_changes b where b.programme_id = ${uuidOf(programme)}
      union all
      select o.agreement_id, 0, o.amount, o.amount, o.release_month from approved_opening_lines o
      where o.programme_id = ${uuidOf(programme)} and o.kind = 'HOLDBACK'
      union all
      select r.agreement_id, 0, 0, 0, null from agreement_reserves r where r.programme_id = ${uuidOf(programme)}
    )
    select m.agreement_id, sum(m.carried) as closing, sum(m.held) as held, coalesce(sum(m.due) filter (
      where m.release_month > coalesce(l.month, '') and m.release_month <= ${month}), 0) as due,
      coalesce((select case when r.until_month > ${month} then r.amount end from agreement_reserves r
        where r.agreement_id = m.agreement_id order by r.change desc limit 1), 0) as reserve
    from moved m left join last l on l.agreement_id = m.agreement_id group by m.agreement_id`
  return new Map(
    rows.map((row) => [
      idOf('agr', row.agreement_id),
      {
        ...{ closing: BigInt(row.closing), held: BigInt(row.held) },
        ...{ due: BigInt(row.due), reserve: BigInt(row.reserve) },
      },
    ]),
  )
}

/** Those of the partners whose contributions earn in their status. */
export async function selectAccruing(sql: Reader, partners: readonly Id<'ptr'>[]): Promise<ReadonlySet<Id<'ptr'>>> {
  const rows = await sql<{ partner_id: string }[]>`
    select d.partner_id from partner_duties d where d.accrues and d.partner_id = any(${partners.map(uuidOf)}::uuid[])`
  return new Set(rows.map((row) => idOf('ptr', row.partner_id)))
}

/** A statement as it is drafted. */
export type DraftStatement = Omit<Statement, 'status' | 'issuedAt' | 'record'>

/** A draft on its way into its table. */
export type NewDraft = DraftStatement & { readonly run: number; readonly createdAt: Date }

/** Writes drafts. */
export async function insertDrafts(tx: Transaction, drafts: readonly NewDraft[]): Promise<void> {
  await tx`
    insert into statements (id, number, period_id, run, programme_id, agreement_id, partner_id, month, asset,
      terms_version, terms_hash, opening, earned, holdback, released, clawbacks, payout, vat, withholding, transfer,
      closing, held, release_month, line_count, created_at)
    select d.id, d.number, d.period_id, d.run, d.programme_id, d.agreement_id, d.partner_id, d.month, d.asset,
      d.terms_version, d.terms_hash, d.opening, d.earned, d.holdback, d.released, d.clawbacks, d.payout, d.vat,
      d.withholding, d.transfer, d.closing, d.held, d.release_month, d.line_count, d.created_at
    from jsonb_to_recordset(${JSON.stringify(drafts.map(rowOfDraft))}::jsonb) as d (id uuid, number text, period_id uuid,
      run integer, programme_id uuid, agreement_id uuid, partner_id uuid, month text, asset text, terms_version integer,
      terms_hash text, opening numeric, earned numeric, holdback numeric, released numeric, clawbacks numeric,
      payout numeric, vat numeric, withholding numeric, transfer numeric, closing numeric, held numeric,
      release_month text, line_count integer, created_at timestamptz)`
}

/** Amounts go as text: JSON's numbers would pass through floats. */
function rowOfDraft(draft: NewDraft): object {
  return {
    id: uuidOf(draft.id),
    number: draft.number,
    period_id: uuidOf(draft.period),
    run: draft.run,
    programme_id: uuidOf(draft.programme),
    agreement_id: uuidOf(draft.agreement),
    partner_id: uuidOf(draft.partner),
    month: draft.month,
    asset: draft.asset,
    terms_version: draft.terms.version,
    terms_hash: draft.terms.hash,
    opening: `${draft.opening}`,
    earned: `${draft.earned}`,
    holdback: `${draft.holdback}`,
    released: `${draft.released}`,
    clawbacks: `${draft.clawbacks}`,
    payout: `${draft.payout}`,
    vat: `${draft.vat}`,
    withholding: `${draft.withholding}`,
    transfer: `${draft.transfer}`,
    closing: `${draft.closing}`,
    held: `${draft.held}`,
    release_month: draft.releaseMonth,
    line_count: draft.lineCount,
    created_at: draft.createdAt.toISOString(),
  }
}

/** What a rule gives, with the salt of its commitment. */
export type DraftEarning = StatementRule & {
  readonly id: Id<'ern'>
  readonly statement: Id<'sta'>
  readonly terms: Id<'trm'>
  readonly explanation: RuleExplanation
  readonly salt: Uint8Array
}

/** Writes what rules gave, after their lines. */
export async function insertEarnings(tx: Transaction, earnings: readonly DraftEarning[]): Promise<void> {
  await tx`
    insert into earnings (id, statement_id, rule_no, rule_kind, terms_id, terms_version, rule_place, minor, forgone,
      line_count, explanation, salt, commitment, record_ids, origin_month, adjustment_id)
    select e.id, e.statement_id, e.rule_no, e.rule_kind, e.terms_id, e.terms_version, e.rule_place, e.minor, e.forgone,
      e.line_count, e.explanation, decode(e.salt, 'hex'), e.commitment, e.record_ids, e.origin_month, e.adjustment_id
    from jsonb_to_recordset(${JSON.stringify(earnings.map(rowOfEarning))}::jsonb) as e (id uuid, statement_id uuid,
      rule_no smallint, rule_kind text, terms_id uuid, terms_version integer, rule_place smallint, minor numeric,
      forgone numeric, line_count integer, explanation jsonb, salt text, commitment text,
      record_ids uuid[], origin_month text, adjustment_id uuid)`
}

function rowOfEarning(earning: DraftEarning): object {
  const { explanation, lineCount, commitment } = earning
  return {
    id: uuidOf(earning.id),
    statement_id: uuidOf(earning.statement),
    rule_no: earning.ruleNo,
    rule_kind: earning.kind,
    terms_id: uuidOf(earning.terms),
    terms_version: explanation.terms.version,
    rule_place: explanation.rule.place,
    minor: `${earning.minor}`,
    forgone: `${earning.forgone}`,
    line_count: lineCount,
    explanation,
    salt: Buffer.from(earning.salt).toString('hex'),
    commitment,
    record_ids: earning.records.map(uuidOf),
    origin_month: earning.originPeriod,
    adjustment_id: earning.adjustment && uuidOf(earning.adjustment),
  }
}
