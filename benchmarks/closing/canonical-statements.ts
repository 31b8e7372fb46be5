import type { Pool } from '../../database/client.ts'

/**
 * Each issued statement as one text: its number and amounts, and of every rule the total, what was forgone, the explanation
 * and a hash over its lines in their order, with contribution, amount and explanation. Ids and salts, which differ from one
 * calculation to the next, are left out, and so are the commitments that are made with them.
 */
export async function canonicalStatements(pool: Pool): Promise<readonly string[]> {
  // lines of superseded calculations are left out at once; the planner knows nothing of tables that were just written
  await pool`analyze statements, statement_lines, earnings`
  const rows = await pool<{ statement: string }[]>`
    with hashed as materialized (
      select l.statement_id, l.rule_no, encode(sha256(convert_to(string_agg(encode(sha256(convert_to(
        concat_ws('/', l.line_no, l.contribution_id, l.contribution_external_id, l.customer_id, l.minor, l.explanation), 'UTF8'
      )), 'hex'), '' order by l.line_no), 'UTF8')), 'hex') as lines
      from statements s join statement_lines l on l.statement_id = s.id
      where s.issued_at is not null group by l.statement_id, l.rule_no
    ), rules as (
      select e.statement_id, string_agg(concat_ws('/', e.rule_no, e.rule_kind, e.terms_version, e.rule_place, e.minor,
        e.forgone, e.line_count, e.origin_month, e.explanation, h.lines), ' ' order by e.rule_no) as rules
      from earnings e left join hashed h on h.statement_id = e.statement_id and h.rule_no = e.rule_no
      group by e.statement_id
    )
    select concat_ws('/', s.number, s.month, s.asset, s.terms_version, s.terms_hash, s.opening, s.earned, s.holdback,
      s.released, s.clawbacks, s.payout, s.vat, s.withholding, s.transfer, s.closing, s.held, s.release_month, s.line_count,
      s.status, r.rules) as statement
    from statements s left join rules r on r.statement_id = s.id
    where s.issued_at is not null order by s.number`
  return rows.map(({ statement }) => statement)
}
