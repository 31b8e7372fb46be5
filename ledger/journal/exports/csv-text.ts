import { csvLine } from '../../../kernel/csv-line.ts'
import { formatDecimal } from '../../../kernel/money.ts'
import { requirePlace } from '../finance/check-finance-chart.ts'
import type { FinanceChart } from '../finance/finance-chart.ts'
import type { ExportedEntry } from '../store/entries.ts'
import type { UsedAccount } from '../store/used-accounts.ts'
import type { EntryWriter } from './entry-writer.ts'

const COLUMNS = ['entry', 'at', 'reference', 'description', 'period', 'line', 'account', 'asset', 'amount']

/** CSV (RFC 4180), a line for each posting; with a chart also code and name of the finance system's account. */
export function csvWriter(chart?: FinanceChart): EntryWriter {
  const columns = chart === undefined ? COLUMNS : [...COLUMNS, 'code', 'name']
  return { head: csvLine(columns), write: (entries) => entries.map((entry) => linesOf(entry, chart)).join('') }
}

function linesOf(
  { id, at, reference, description, period, postings }: ExportedEntry,
  chart: FinanceChart | undefined,
): string {
  const common = [id, at.toISOString(), reference, description, period ?? '']
  return postings
    .map(({ account, asset, minor }, line) => {
      const cells = [...common, String(line), account, asset, formatDecimal({ asset, minor })]
      return csvLine([...cells, ...financeCells(chart, { account, asset })])
    })
    .join('')
}

/** Code and name, where there is a chart. */
function financeCells(chart: FinanceChart | undefined, of: UsedAccount): readonly string[] {
  if (chart === undefined) return []
  const { code, name } = requirePlace(chart, of)
  return [code, name]
}
