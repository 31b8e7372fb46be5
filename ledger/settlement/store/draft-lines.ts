import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/** A line as it is drafted. */
export type DraftLine = {
  readonly id: Id<'pol'>
  readonly statement: Id<'sta'>
  readonly ruleNo: number
  readonly lineNo: number
  /** None where a rule looks at what others earn. */
  readonly contribution: Id<'ctr'> | undefined
  readonly contributionExternalId: string | undefined
  /** None there either, and where nobody knows who it was. */
  readonly customer: Id<'cus'> | undefined
  readonly minor: bigint
  /** A `LineExplanation` as JSON. */
  readonly explanation: string
}

/** A line as its record tells it. */
export type ToldLine = Omit<DraftLine, 'customer'>

/** Writes any number of lines by one statement. */
export async function insertLines(tx: Transaction, lines: readonly DraftLine[]): Promise<void> {
  if (lines.length === 0) return
  const customers = lines.map(({ customer }) => uuidOrNothing(customer)).join('\n')
  await tx`
    insert into statement_lines (${lineColumns(tx)}, customer_id)
    select ${lineValues(tx)}, customer::uuid
    from unnest(${lineTexts(tx, lines)}, string_to_array(${customers}, E'\\n', ''))
      as l (${lineColumns(tx)}, customer)`
}

/**
 * Writes lines as their records tell them, each with the customer of its contribution, and says how many: those whose
 * contribution is not there, or has no customer though it needs one, are left out.
 */
export async function keepLines(tx: Transaction, lines: readonly ToldLine[]): Promise<number> {
  if (lines.length === 0) return 0
  const kept = await tx`
    insert into statement_lines (${lineColumns(tx)}, customer_id)
    select ${lineValues(tx)}, c.customer_id
    from unnest(${lineTexts(tx, lines)}) as l (${lineColumns(tx)})
    left join contributions c on c.id = l.contribution_id::uuid
    where l.contribution_id is null or c.customer_id is not null or (c.kind = 'TRAFFIC' and c.lead is null)`
  return kept.count
}

function lineColumns(sql: Reader): Fragment {
  return sql`id, statement_id, rule_no, line_no, contribution_id, contribution_external_id, minor, explanation`
}

/** The values of those columns, out of texts of the same names. */
function lineValues(sql: Reader): Fragment {
  return sql`l.id::uuid, l.statement_id::uuid, l.rule_no::smallint, l.line_no::integer, l.contribution_id::uuid,
    l.contribution_external_id, l.minor::numeric, l.explanation::jsonb`
}

/**
 * Those columns as arrays of text. As records do, each travels as one text, joined by line breaks, which neither ids nor
 * canonical JSON hold: array literals cost more than all else here.
 */
function lineTexts(sql: Reader, lines: readonly ToldLine[]): Fragment {
  const column = (value: (line: ToldLine) => string | number | bigint): string => lines.map(value).join('\n')
  return sql`
    string_to_array(${column(({ id }) => uuidOf(id))}, E'\\n'),
    string_to_array(${column(({ statement }) => uuidOf(statement))}, E'\\n'),
    string_to_array(${column(({ ruleNo }) => ruleNo)}, E'\\n'),
    string_to_array(${column(({ lineNo }) => lineNo)}, E'\\n'),
    string_to_array(${column(({ contribution }) => uuidOrNothing(contribution))}, E'\\n', ''),
    string_to_array(${column(({ contributionExternalId }) => contributionExternalId ?? '')}, E'\\n', ''),
    string_to_array(${column(({ minor }) => minor)}, E'\\n'),
    string_to_array(${column(({ explanation }) => explanation)}, E'\\n')`
}

function uuidOrNothing(id: Id<'ctr'> | Id<'cus'> | undefined): string {
  return id === undefined ? '' : uuidOf(id)
}
