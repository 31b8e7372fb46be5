import { csvLine } from '../../kernel/csv-line.ts'
import type { FinanceChart } from '../journal/finance/finance-chart.ts'
import type { CloseReport } from './close-report.ts'
import { type ReportTable, reportTable } from './report-tables.ts'

/**
 * A part of the report as CSV (RFC 4180) with a header; nothing where it has no rows. With a chart, code and name of the
 * finance system's account are two more columns. Throws `ACCOUNT_UNMAPPED`.
 */
export function reportCsv(report: CloseReport, table: ReportTable, chart?: FinanceChart): string {
  const rows = reportTable(report, table, chart)
  const [first] = rows
  if (first === undefined) return ''
  return [Object.keys(first), ...rows.map((row) => Object.values(row))].map(csvLine).join('')
}
