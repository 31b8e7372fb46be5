import { CsvError, parse } from 'csv-parse/sync'
import { Fault } from '../../kernel/fault.ts'
import type { Line } from './read-block.ts'

/** A row of cells, or why it is none; `offset` is its line within the lines given. */
export type CsvRow = { readonly offset: number } & ({ readonly cells: readonly string[] } | { readonly reason: string })

export type CsvShape = { readonly delimiter: string; readonly columns: number }

/** A row may span so many lines; beyond that its quote counts as one that was forgotten. */
export const MOST_LINES_OF_A_ROW = 100
/** Rows given to the parser at once: a bad one ends its run, which then starts again behind it. */
const ROWS_AT_ONCE = 100

/** Names of a header line. Throws `INVALID_INPUT` when it is no row, or a name is empty or stands twice. */
export function parseHeader(line: Line, delimiter: string): readonly string[] {
  const names = line === undefined || line === '' ? undefined : parseRows([line], delimiter)[0]
  if (!names) throw new Fault('INVALID_INPUT', 'the file does not begin with a header line in UTF-8')
  if (names.includes('') || names.includes('__proto__') || new Set(names).size < names.length) {
    throw new Fault('INVALID_INPUT', 'the header line must name each column, and none twice')
  }
  return names
}

/**
 * Rows of whole lines (RFC 4180). A broken quote costs its own line and no other: a row goes on over line breaks only
 * if it ends soundly within a hundred lines, and if no line inside it would be a row by itself. Blank lines are passed over.
 * Returns also how many lines are done: lines at the end that may belong to a longer row are left for the next call,
 * unless `last` says that there is none.
 */
export function csvRows(
  lines: readonly Line[],
  shape: CsvShape,
  last: boolean,
): { readonly rows: readonly CsvRow[]; readonly done: number } {
  const found: Found[] = []
  let done = 0
  while (done < lines.length) {
    const next = rowAt(lines, done, shape, last)
    if (next === 'undecided') break
    if (next.row) found.push(next.row)
    done += next.lines
  }
  return { rows: parseFound(found, shape), done }
}

type Found =
  | { readonly offset: number; readonly text: string; readonly quoted: boolean }
  | (CsvRow & { reason: string })
type Next = { readonly row: Found | undefined; readonly lines: number }

function rowAt(lines: readonly Line[], offset: number, shape: CsvShape, last: boolean): Next | 'undecided' {
  const text = lines[offset]
  if (text === undefined) return refused(offset, 'the line is not UTF-8 text')
  if (text === '') return { row: undefined, lines: 1 }
  if (!text.includes('"')) return { row: { offset, text, quoted: false }, lines: 1 }
  if (!opensQuote(text)) return { row: { offset, text, quoted: true }, lines: 1 }
  return spanningRow(lines, offset, shape, last)
}

function spanningRow(lines: readonly Line[], offset: number, shape: CsvShape, last: boolean): Next | 'undecided' {
  const broken = refused(offset, 'a quote is not closed')
  for (let at = offset + 1; at < offset + MOST_LINES_OF_A_ROW; at++) {
    if (at >= lines.length) return last ? broken : 'undecided'
    const line = lines[at]
    if (line === undefined || isRow(line, shape)) return broken
    if (opensQuote(line)) {
      const text = lines.slice(offset, at + 1).join('\n')
      return isRow(text, shape) ? { row: { offset, text, quoted: true }, lines: at + 1 - offset } : broken
    }
  }
  return broken
}

function refused(offset: number, reason: string): Next {
  return { row: { offset, reason }, lines: 1 }
}

/** Whether a text has an odd number of quotes: in sound rows they come in pairs. */
function opensQuote(text: string): boolean {
  let odd = false
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) odd = !odd
  return odd
}

function isRow(text: string, { delimiter, columns }: CsvShape): boolean {
  if (!text.includes('"')) return text.split(delimiter).length === columns
  return parseRows([text], delimiter)[0]?.length === columns
}

function parseFound(found: readonly Found[], { delimiter, columns }: CsvShape): readonly CsvRow[] {
  const quoted = found.filter((row) => 'text' in row && row.quoted)
  const parsed = parseRows(
    quoted.map((row) => ('text' in row ? row.text : '')),
    delimiter,
  )
  let next = 0
  return found.map((row) => {
    if (!('text' in row)) return row
    const cells = row.quoted ? parsed[next++] : row.text.split(delimiter)
    if (!cells) return { offset: row.offset, reason: 'a quote stands where none may' }
    if (cells.length === columns) return { offset: row.offset, cells }
    return { offset: row.offset, reason: `the line has ${cells.length} cells where the header has ${columns}` }
  })
}

/** Cells of each text, `undefined` for those that are no rows. Texts have quotes in pairs, so that none runs into the next. */
function parseRows(texts: readonly string[], delimiter: string): readonly (readonly string[] | undefined)[] {
  const rows: (readonly string[] | undefined)[] = []
  while (rows.length < texts.length) {
    const some = texts.slice(rows.length, rows.length + ROWS_AT_ONCE)
    const sound = parseUntilFault(some, delimiter)
    rows.push(...sound)
    if (sound.length < some.length) rows.push(undefined)
  }
  return rows
}

function parseUntilFault(texts: readonly string[], delimiter: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  const keep = (row: string[]): undefined => {
    rows.push(row)
  }
  try {
    parse(texts.join('\n'), { delimiter, record_delimiter: '\n', relax_column_count: true, on_record: keep })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
  }
  return rows
}
