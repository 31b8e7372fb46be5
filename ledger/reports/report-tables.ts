import { type Asset, formatDecimal } from '../../kernel/money.ts'
import { accountPath } from '../journal/chart.ts'
import { requirePlace } from '../journal/finance/check-finance-chart.ts'
import type { FinanceChart } from '../journal/finance/finance-chart.ts'
import { AGE_BUCKETS } from './ageing.ts'
import type { CloseReport } from './close-report.ts'

/** Parts of the report that can be had as a table. */
export const REPORT_TABLES = [
  'trial-balance',
  'movements',
  'payables',
  'ageing',
  'receivables',
  'holdbacks',
  'points',
  'payments',
  'taxes',
  'checks',
] as const
export type ReportTable = (typeof REPORT_TABLES)[number]

/** A row: text by column, the same columns in each row of a table. Amounts are decimals of the asset. */
export type TableRow = Readonly<Record<string, string>>

/**
 * A part of the report as rows. With a chart, code and name of the finance system's account are beside ours. Throws
 * `ACCOUNT_UNMAPPED`.
 */
export function reportTable(report: CloseReport, table: ReportTable, chart?: FinanceChart): readonly TableRow[] {
  const rows = TABLES[table](report)
  if (chart === undefined) return rows
  return rows.map(({ account, ...row }) => {
    const { code, name } = requirePlace(chart, { account, asset: row.asset })
    return { account, code, name, ...row }
  })
}

type Row = { readonly account: string; readonly asset: Asset } & TableRow

const TABLES: Readonly<Record<ReportTable, (report: CloseReport) => readonly Row[]>> = {
  'trial-balance': ({ trialBalance: { rows } }) =>
    rows.map(({ account, asset, debit, credit }) => ({ account, asset, ...amounts(asset, { debit, credit }) })),
  movements: ({ movements }) =>
    movements.map(({ account, asset, opening, debits, credits, closing }) => ({
      ...{ account, asset },
      ...amounts(asset, { opening, debits, credits, closing }),
    })),
  payables: ({ payables }) =>
    payables.map(({ partner, kind, number, programme, asset, minor, dueAt, days, bucket }) => ({
      account: accountPath('Partner:Payable', partner),
      ...{ partner, kind, statement: number ?? '', programme: programme ?? '', asset },
      ...amounts(asset, { owed: minor }),
      ...{ dueAt: dueAt?.toISOString() ?? '', days: `${days}`, age: bucket },
    })),
  ageing: ageingOf,
  receivables: ({ receivables }) =>
    receivables.map(({ partner, programme, agreement, asset, minor, since, days, bucket }) => ({
      account: accountPath('Receivable:Partner', partner),
      ...{ partner, programme, agreement, asset },
      ...amounts(asset, { owed: minor }),
      ...{ since: since.toISOString(), days: `${days}`, age: bucket },
    })),
  holdbacks: ({ holdbacks }) =>
    holdbacks.map(({ partner, programme, agreement, asset, minor, releaseMonth }) => ({
      account: accountPath('Partner:Holdback', partner),
      ...{ partner, programme, agreement, releaseMonth, asset },
      ...amounts(asset, { held: minor }),
    })),
  points: ({ points }) =>
    points.map(({ programme, asset, points: held, minor }) => ({
      account: accountPath('Liabilities:Points'),
      ...{ programme, points: `${held}`, asset },
      ...amounts(asset, { worth: minor }),
    })),
  payments: ({ payments }) =>
    payments.map(({ rail, payment, number, partner, asset, minor, instructedAt }) => ({
      account: accountPath('Clearing:Payouts'),
      ...{ payment, rail, statement: number, partner, asset },
      ...amounts(asset, { amount: minor }),
      instructedAt: instructedAt.toISOString(),
    })),
  taxes: ({ taxes }) =>
    taxes.flatMap(({ cause, partner = '', asset, vat, withholding }) => [
      ...(vat === 0n
        ? []
        : [{ account: accountPath('Tax:InputVAT'), cause, partner, asset, ...amounts(asset, { tax: vat }) }]),
      ...(withholding === 0n
        ? []
        : [
            { account: accountPath('Tax:Withholding'), cause, partner, asset, ...amounts(asset, { tax: withholding }) },
          ]),
    ]),
  checks: ({ checks }) =>
    checks.map(({ section, account, asset, told, journal, agrees }) => ({
      ...{ account, section, asset },
      ...amounts(asset, { told, journal }),
      agrees: `${agrees}`,
    })),
}

/** What is owed to each partner, by how long it is due. */
function ageingOf({ payables }: CloseReport): readonly Row[] {
  const byPartner = Map.groupBy(payables, ({ partner, asset }) => `${partner} ${asset}`)
  return [...byPartner.values()].flatMap((own) =>
    own.slice(0, 1).map(({ partner, asset }) => {
      const sum = (bucket?: string): bigint =>
        own.reduce((all, row) => (bucket === undefined || row.bucket === bucket ? all + row.minor : all), 0n)
      const buckets = Object.fromEntries(AGE_BUCKETS.map((bucket) => [bucket, sum(bucket)]))
      return {
        account: accountPath('Partner:Payable', partner),
        partner,
        asset,
        ...amounts(asset, { ...buckets, total: sum() }),
      }
    }),
  )
}

function amounts(asset: Asset, named: Readonly<Record<string, bigint>>): TableRow {
  return Object.fromEntries(Object.entries(named).map(([name, minor]) => [name, formatDecimal({ asset, minor })]))
}
