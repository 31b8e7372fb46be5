import { type Command, Option } from 'commander'
import { formatDecimal } from '../../../kernel/money.ts'
import type { CloseReport } from '../../../ledger/reports/close-report.ts'
import { REPORT_TABLES, type ReportTable } from '../../../ledger/reports/report-tables.ts'
import { act } from '../act.ts'
import { CHART_OPTION, readChart } from '../read-chart.ts'
import { writeOut } from '../write-out.ts'

type ReportOptions = {
  readonly month?: string
  readonly programme?: string
  readonly table?: ReportTable
  readonly csv?: true
  readonly chart?: string
}

/** `tributary period report`: fails when the books and the journal differ. */
export function addReport(period: Command): void {
  period
    .command('report')
    .description('the books at a month’s end, or now, and whether they are what the journal has')
    .option('--month <month>', 'such as 2026-01: as of its last instant')
    .option('--programme <code>', 'in whose time zone the month is, where there are several')
    .addOption(new Option('--table <table>', 'one part of it').choices(REPORT_TABLES))
    .option('--csv', 'the table as CSV to standard output')
    .option(...CHART_OPTION)
    .action((options: ReportOptions, command: Command) =>
      act(command, async (context) => {
        const { closeReport } = await import('../../../ledger/reports/close-report.ts')
        const { reportTable } = await import('../../../ledger/reports/report-tables.ts')
        const chart = await readChart(options.chart)
        const report = await closeReport(context, options)
        const failed = !report.agrees
        if (options.csv) {
          const { reportCsv } = await import('../../../ledger/reports/report-csv.ts')
          await writeOut(reportCsv(report, options.table ?? 'trial-balance', chart))
          return { failed }
        }
        if (options.table === undefined) return { ...overview(report), failed }
        const rows = reportTable(report, options.table, chart)
        return { result: rows, rows, sentence: sentenceOf(report), failed }
      }),
    )
}

function overview(report: CloseReport) {
  const rows = report.sections.map(({ section, asset, told, journal, agrees }) => ({
    section,
    asset,
    books: formatDecimal({ asset, minor: told }),
    journal: formatDecimal({ asset, minor: journal }),
    agrees: agrees ? 'yes' : 'NO',
  }))
  return { result: report, rows, sentence: sentenceOf(report) }
}

function sentenceOf({ at, agrees, differences }: CloseReport): string {
  const when = `as of ${at.toISOString()}`
  if (agrees) return `The books are what the journal has, account by account, ${when}.`
  const accounts = differences.map(({ account, asset }) => `${account} in ${asset}`).slice(0, 10)
  return `The books and the journal differ on ${differences.length} accounts ${when}: ${accounts.join(', ')}.`
}
