import { type CsvRow, csvRows, parseHeader } from './csv-rows.ts'
import type { ImportFormat, Position } from './import-spec.ts'
import { type JsonRow, jsonRows } from './json-rows.ts'
import type { Block, BlockReader } from './read-block.ts'

/** A row by its line within the block, or why it is none. */
export type Row = { readonly offset: number } & (
  | { readonly values: Readonly<Record<string, unknown>> }
  | { readonly reason: string }
)

/** Makes rows of a block's lines, and says how many of the lines are done: the others are to be read again. */
export type RowReader = {
  readonly start: Position
  readonly rowsOf: (block: Block) => { readonly rows: readonly Row[]; readonly done: number }
}

const START: Position = { byte: 0, line: 0 }

/** A reader for a file's format. Throws `INVALID_INPUT` when a CSV file's header line is no good. */
export async function rowReader(format: ImportFormat, read: BlockReader, delimiter: string): Promise<RowReader> {
  if (format === 'csv') return csvReader(read, delimiter)
  const rowsOf = ({ lines }: Block): { rows: readonly JsonRow[]; done: number } => ({
    rows: jsonRows(lines),
    done: lines.length,
  })
  return { start: START, rowsOf }
}

async function csvReader(read: BlockReader, delimiter: string): Promise<RowReader> {
  const header = await read(START, 1)
  const names = parseHeader(header?.lines[0], delimiter)
  const shape = { delimiter, columns: names.length }
  const rowsOf = ({ lines, last }: Block): { rows: readonly Row[]; done: number } => {
    const whole = csvRows(lines, shape, last)
    // a row that a full block cannot hold is too long to be one: its first line is refused by itself
    const { rows, done } = whole.done === 0 ? csvRows(lines.slice(0, 1), shape, true) : whole
    return { rows: rows.map((row) => named(row, names)), done }
  }
  return { start: header?.to ?? START, rowsOf }
}

function named(row: CsvRow, names: readonly string[]): Row {
  if ('reason' in row) return row
  const values: Record<string, string> = {}
  for (const [index, name] of names.entries()) values[name] = row.cells[index] ?? ''
  return { offset: row.offset, values }
}
