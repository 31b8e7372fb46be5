import { Fault } from '../../../kernel/fault.ts'
import { evaluate } from '../../../kernel/mapping.ts'
import type { BankMapping } from './bank-mapping.ts'
import { type CsvLine, csvLine } from './csv-line.ts'
import { csvTable, type TableRow } from './csv-table.ts'
import type { AssetOf } from './read-camt.ts'
import type { ReadHead, StatementPart } from './read-statement.ts'

type Open = {
  readonly head: ReadHead
  readonly first: CsvLine
  readonly last: CsvLine
  readonly passedOver: number
}

/**
 * Reads a bank's CSV file with its mapping as its text comes: one statement; where lines carry balances, its own are known at
 * its end. Throws `INVALID_INPUT` with the line at fault, and whatever `assetOf` throws.
 */
export async function* readCsv(
  text: AsyncIterable<string>,
  mapping: BankMapping,
  assetOf: AssetOf,
): AsyncGenerator<StatementPart, void, void> {
  let open: Open | undefined
  for await (const row of csvTable(text, mapping)) {
    const head: ReadHead = open?.head ?? headOf(row, mapping, assetOf)
    const line = atLine(row.line, () => csvLine(mapping, row, head.asset))
    if (open === undefined) yield { kind: 'HEAD', head }
    const passedOver = (open?.passedOver ?? 0) + (line.entry === undefined ? 1 : 0)
    open = { head, first: open?.first ?? line, last: line, passedOver }
    if (line.entry !== undefined) yield { kind: 'ENTRY', entry: line.entry }
  }
  if (open === undefined) throw new Fault('INVALID_INPUT', 'the file has no entry')
  yield { kind: 'END', passedOver: open.passedOver, head: closedHead(open, mapping) }
}

function headOf({ row, line }: TableRow, mapping: BankMapping, assetOf: AssetOf): ReadHead {
  const told = (expression: BankMapping['account']) =>
    expression === undefined ? undefined : evaluate(expression, row, line)
  const accountNumber = told(mapping.account)
  return {
    accountNumber,
    asset: assetOf({ number: accountNumber, currency: told(mapping.currency) }),
    reference: undefined,
    sequence: undefined,
    createdAt: undefined,
    opening: undefined,
    closing: undefined,
  }
}

function closedHead({ head, first, last }: Open, { order }: BankMapping): ReadHead {
  const [oldest, newest] = order === 'OLDEST_FIRST' ? [first, last] : [last, first]
  if (oldest.balance === undefined || newest.balance === undefined) return head
  return {
    ...head,
    opening: { date: oldest.bookedOn, minor: oldest.balance - (oldest.entry?.minor ?? 0n) },
    closing: { date: newest.bookedOn, minor: newest.balance },
  }
}

function atLine<T>(line: number, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    const { code, message, field } = error
    throw new Fault(code, `line ${line}: ${message}`, { ...(field === undefined ? {} : { field }), cause: error })
  }
}
