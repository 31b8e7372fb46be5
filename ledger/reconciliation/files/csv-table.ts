import { Fault } from '../../../kernel/fault.ts'
import type { MappingRow } from '../../../kernel/mapping.ts'
import { type CsvRow, csvRows, parseHeader } from '../../../records/import/csv-rows.ts'
import { type BankMapping, columnsOfMapping } from './bank-mapping.ts'

/** A line of the table: texts by column, and its number in the file. */
export type TableRow = { readonly row: MappingRow; readonly line: number }

/** Banks put some lines about the account before the header. */
const MOST_LINES_BEFORE_HEADER = 50
const LONGEST_LINE = 65_536
const LINES_AT_ONCE = 500

/**
 * The table in a bank's CSV file as its text comes: it begins with the first line that names every column of the mapping, and
 * ends where the mapping says so. Throws `INVALID_INPUT` with the line at fault.
 */
export async function* csvTable(
  text: AsyncIterable<string>,
  mapping: BankMapping,
): AsyncGenerator<TableRow, void, void> {
  let names: readonly string[] | undefined
  let held: string[] = []
  let number = 0
  const rows = (last: boolean): readonly TableRow[] => {
    if (names === undefined) return []
    const columns = names
    const read = csvRows(held, { delimiter: mapping.delimiter, columns: columns.length }, last)
    const first = number - held.length + 1
    held = held.slice(read.done)
    return read.rows.map((row) => tableRow(row, columns, first + row.offset))
  }
  for await (const line of linesOf(text)) {
    if (names !== undefined && ends(line, mapping)) break
    number += 1
    if (names !== undefined) held.push(line)
    else {
      names = namesIn(line, mapping)
      if (names === undefined && number >= MOST_LINES_BEFORE_HEADER) break
    }
    if (held.length >= LINES_AT_ONCE) yield* rows(false)
  }
  if (names === undefined) {
    throw new Fault('INVALID_INPUT', 'no line of the file names all the columns that the mapping reads')
  }
  yield* rows(true)
}

async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string, void, void> {
  let rest = ''
  for await (const piece of text) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LONGEST_LINE) throw new Fault('INVALID_INPUT', 'a line of the file has no end')
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line
  }
  if (rest !== '') yield rest
}

function ends(line: string, { endsAt }: BankMapping): boolean {
  return endsAt !== undefined && line.replace(/^"/, '').startsWith(endsAt)
}

function namesIn(line: string, mapping: BankMapping): readonly string[] | undefined {
  try {
    const names = parseHeader(line, mapping.delimiter).map((name) => name.trim())
    return columnsOfMapping(mapping).every((name) => names.includes(name)) ? names : undefined
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  }
}

function tableRow(row: CsvRow, names: readonly string[], line: number): TableRow {
  if ('reason' in row) throw new Fault('INVALID_INPUT', `line ${line}: ${row.reason}`)
  // banks put a tab before long numbers, so that spreadsheets leave them alone
  return { line, row: Object.fromEntries(names.map((name, index) => [name, (row.cells[index] ?? '').trim()])) }
}
