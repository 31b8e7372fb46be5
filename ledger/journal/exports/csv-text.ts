import { formatDecimal } from '../../../kernel/money.ts'
import { csvLine } from '../../csv-line.ts'
import type { ExportedEntry } from '../store/entries.ts'
import type { EntryWriter } from './entry-writer.ts'

const COLUMNS = ['entry', 'at', 'reference', 'description', 'period', 'line', 'account', 'asset', 'amount']

/** CSV (RFC 4180), a line for each posting. */
export function csvWriter(): EntryWriter {
  return { head: csvLine(COLUMNS), write: (entries) => entries.map(linesOf).join('') }
}

function linesOf({ id, at, reference, description, period, postings }: ExportedEntry): string {
  const common = [id, at.toISOString(), reference, description, period ?? '']
  return postings
    .map(({ account, asset, minor }, line) =>
      csvLine([...common, String(line), account, asset, formatDecimal({ asset, minor })]),
    )
    .join('')
}
