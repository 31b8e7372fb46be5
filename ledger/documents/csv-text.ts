import { csvLine } from '../../kernel/csv-line.ts'
import { formatDecimal } from '../../kernel/money.ts'
import type { DocumentLine, DocumentRule, StatementDocument } from './statement-document.ts'

const COLUMNS = [
  ...['statement', 'month', 'asset', 'part', 'rule', 'kind', 'origin_month', 'line', 'lines'],
  ...['contribution', 'subject', 'amount', 'minor', 'explanation'],
]
const LINES_AT_ONCE = 200

/** What of a rule was written so far. */
type Written = { count: number; minor: bigint }

/**
 * The lines of a statement as CSV (RFC 4180) under a header, in chunks as they are read. What is not shown of a rule's lines
 * is one row behind them, with how many they are and the rest of the rule's total: so the amounts of the file always sum to
 * what the statement earned and clawed back. Memory does not grow with the lines.
 */
export async function* csvText(document: StatementDocument): AsyncGenerator<string> {
  let chunk = [csvLine(COLUMNS)]
  for await (const row of rowsOf(document)) {
    chunk.push(csvLine(row))
    if (chunk.length < LINES_AT_ONCE) continue
    yield chunk.join('')
    chunk = []
  }
  yield chunk.join('')
}

async function* rowsOf(document: StatementDocument): AsyncGenerator<readonly string[]> {
  const ahead = [...document.rules]
  let written: Written = { count: 0, minor: 0n }
  for await (const line of document.lines()) {
    for (let rule = ahead[0]; rule !== undefined && rule.ruleNo < line.ruleNo; rule = ahead[0]) {
      yield* restOf(document, rule, written)
      ahead.shift()
      written = { count: 0, minor: 0n }
    }
    const [rule] = ahead
    if (rule === undefined) return
    written = { count: written.count + 1, minor: written.minor + line.minor }
    yield rowOf(document, rule, line)
  }
  for (const rule of ahead) {
    yield* restOf(document, rule, written)
    written = { count: 0, minor: 0n }
  }
}

function* restOf(document: StatementDocument, rule: DocumentRule, { count, minor }: Written): Iterable<string[]> {
  if (count === rule.lineCount) return
  const left = { lineNo: '', lines: rule.lineCount - count, minor: rule.minor - minor, sentence: rule.sentence }
  yield cellsOf(document, rule, left)
}

function rowOf(document: StatementDocument, rule: DocumentRule, line: DocumentLine): readonly string[] {
  return cellsOf(document, rule, { ...line, lineNo: `${line.lineNo}`, lines: 1 })
}

type Cells = Pick<DocumentLine, 'minor' | 'sentence'> &
  Partial<Pick<DocumentLine, 'contributionExternalId' | 'subject'>> & {
    readonly lineNo: string
    readonly lines: number
  }

function cellsOf({ statement }: StatementDocument, rule: DocumentRule, cells: Cells): string[] {
  const { number, month, asset } = statement
  const { lineNo, lines, contributionExternalId = '', subject = '', minor, sentence } = cells
  return [
    ...[number, month, asset, rule.part, `${rule.ruleNo}`, rule.kind, rule.originPeriod ?? '', lineNo, `${lines}`],
    ...[contributionExternalId, subject, formatDecimal({ asset, minor }), `${minor}`, sentence],
  ]
}
