import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import type { PartnerCaller } from '../../../kernel/caller.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { LineExplanation } from '../../splits/explanation.ts'
import type { StatementLine } from '../statement.ts'

type LineRow = {
  readonly id: string
  readonly rule_no: number
  readonly line_no: number
  readonly contribution_id: string | null
  readonly contribution_external_id: string | null
  readonly subject: string | null
  readonly minor: string
  readonly explanation: LineExplanation
}

/** All lines of an issued statement, for the broker: up to one more than the page holds, in the page's direction. */
export async function selectLines(sql: Reader, statement: Id<'sta'>, page: Page): Promise<readonly StatementLine[]> {
  const rows = await sql<LineRow[]>`
    select l.id, l.rule_no, l.line_no, l.contribution_id, l.contribution_external_id, p.subject, l.minor, l.explanation
    from statement_lines l
    join statements s on s.id = l.statement_id
    left join partner_subjects p on p.partner_id = s.partner_id and p.customer_id = l.customer_id
    where s.id = ${uuidOf(statement)} and s.issued_at is not null ${beyond(sql, page)}
    ${inOrder(sql, page)} limit ${page.limit + 1}`
  return rows.map(lineOf)
}

/** One line of an issued statement, for the broker. */
export async function selectLine(
  sql: Reader,
  { statement, line }: { readonly statement: Id<'sta'>; readonly line: Id<'pol'> },
): Promise<StatementLine | undefined> {
  const [row] = await sql<LineRow[]>`
    select l.id, l.rule_no, l.line_no, l.contribution_id, l.contribution_external_id, p.subject, l.minor, l.explanation
    from statement_lines l
    join statements s on s.id = l.statement_id
    left join partner_subjects p on p.partner_id = s.partner_id and p.customer_id = l.customer_id
    where l.id = ${uuidOf(line)} and s.id = ${uuidOf(statement)} and s.issued_at is not null`
  return row && lineOf(row)
}

/**
 * Lines of a partner's own statement whose customers let it see the money behind them, and the disclosures of that, in
 * one statement; lines behind which no customer stands are shown as they are. Consent is checked where the lines are fetched, and no line leaves whose disclosure is not durable
 * (invariants 9 and 10). A statement of another partner gives what none would. One row more than the page holds is read,
 * and not disclosed.
 */
export async function discloseLines(
  sql: Reader,
  { statement, caller }: { readonly statement: Id<'sta'>; readonly caller: PartnerCaller },
  page: Page,
): Promise<readonly StatementLine[]> {
  const rows = await sql<LineRow[]>`
    with shown as (
      select l.id, l.rule_no, l.line_no, l.contribution_id, l.contribution_external_id, p.subject, l.minor,
        l.explanation, l.customer_id, s.partner_id, c.consent_id, c.tags
      from statement_lines l
      join statements s on s.id = l.statement_id
      left join settlement_consents c on c.partner_id = s.partner_id and c.customer_id = l.customer_id
      left join partner_subjects p on p.partner_id = s.partner_id and p.customer_id = l.customer_id
      where (l.customer_id is null or (c.consent_id is not null and p.subject is not null)) and s.id = ${uuidOf(statement)} and s.issued_at is not null
        and s.partner_id = ${uuidOf(caller.partner)} ${beyond(sql, page)}
      ${inOrder(sql, page)} limit ${page.limit + 1}
    ), logged as (
      insert into disclosures
        (id, at, partner_id, client_id, customer_id, subject, purpose, consent_id, tags, outcome, request_id)
      select distinct on (s.customer_id) gen_random_uuid(), statement_timestamp(), s.partner_id,
        ${uuidOf(caller.client)}::uuid, s.customer_id, s.subject, 'SETTLEMENT', s.consent_id, s.tags, 'disclosed',
        ${caller.requestId}
      from (select * from shown l ${inOrder(sql, page)} limit ${page.limit}) s
      where s.customer_id is not null
    )
    select l.id, l.rule_no, l.line_no, l.contribution_id, l.contribution_external_id, l.subject, l.minor, l.explanation
    from shown l ${inOrder(sql, page)}`
  return rows.map(lineOf)
}

function beyond(sql: Reader, { cursor, direction }: Page): Fragment {
  if (cursor === undefined) return sql``
  const [ruleNo = '0', lineNo = '0'] = cursor
  return direction === 'forward'
    ? sql`and (l.rule_no, l.line_no) > (${ruleNo}::integer, ${lineNo}::integer)`
    : sql`and (l.rule_no, l.line_no) < (${ruleNo}::integer, ${lineNo}::integer)`
}

function inOrder(sql: Reader, { direction }: Page): Fragment {
  return direction === 'forward' ? sql`order by l.rule_no, l.line_no` : sql`order by l.rule_no desc, l.line_no desc`
}

function lineOf(row: LineRow): StatementLine {
  return {
    id: idOf('pol', row.id),
    ruleNo: row.rule_no,
    lineNo: row.line_no,
    contribution: row.contribution_id === null ? undefined : idOf('ctr', row.contribution_id),
    contributionExternalId: row.contribution_external_id ?? undefined,
    subject: row.subject ?? undefined,
    minor: BigInt(row.minor),
    explanation: row.explanation,
  }
}
