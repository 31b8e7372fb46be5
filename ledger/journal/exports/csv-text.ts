import { formatDecimal } from '../../../kernel/money.ts'
import type { ExportedEntry } from '../store/entries.ts'
import type { EntryWriter } from './entry-writer.ts'

const COLUMNS = ['entry', 'at', 'reference', 'description', 'period', 'line', 'account', 'asset', 'amount']
const FORMULA = /^[=+\-@\t\r]/
const NUMBER = /^-?[0-9]+(?:\.[0-9]+)?$/

/** CSV (RFC 4180), a line for each posting. */
export function csvWriter(): EntryWriter {
  return { head: lineOf(COLUMNS), write: (entries) => entries.map(linesOf).join('') }
}

function linesOf({ id, at, reference, description, period, postings }: ExportedEntry): string {
  const common = [id, at.toISOString(), reference, description, period ?? '']
  return postings
    .map(({ account, asset, minor }, line) =>
      lineOf([...common, String(line), account, asset, formatDecimal({ asset, minor })]),
    )
    .join('')
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

/** A spreadsheet would take a text for a formula that begins like one (OWASP, “CSV injection”). */
function cellOf(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
