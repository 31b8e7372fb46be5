import type { Asset } from '../../kernel/money.ts'
import type { Balance } from '../journal/balance.ts'
import { accountPath, type ChartName, chartNameOf } from '../journal/chart.ts'
import type { AccountPath } from '../journal/entry.ts'
import type { Books } from './read-books.ts'
import type { ReportSection } from './report-section.ts'

/** What statements and their like tell of an account, and what the journal has on it; positive is debit. Minor units. */
export type AccountCheck = {
  readonly section: ReportSection
  readonly account: AccountPath
  readonly asset: Asset
  readonly told: bigint
  readonly journal: bigint
  readonly agrees: boolean
}

/** The same of all accounts of a section in one asset; it agrees when each of them does. */
export type SectionCheck = Omit<AccountCheck, 'account'>

/** Which accounts are proven by which section. */
const SECTIONS: Readonly<Partial<Record<ChartName, ReportSection>>> = {
  'Expenses:PartnerShare': 'EARNED',
  // between the entries of one lock alone
  'Partner:Accrued': 'ACCRUED',
  'Partner:Payable': 'PAYABLES',
  'Receivable:Partner': 'RECEIVABLES',
  'Partner:Holdback': 'HOLDBACKS',
  'Liabilities:Points': 'POINTS',
  'Clearing:Payouts': 'PAYMENTS',
  'Tax:InputVAT': 'TAXES',
  'Tax:Withholding': 'TAXES',
  'Expenses:BadDebt': 'WRITTEN_OFF',
  'Equity:Opening': 'OPENING',
}

type Told = { readonly account: AccountPath; readonly asset: Asset; readonly minor: bigint }

/** Compares what the books tell with the journal, for each account that either of them knows. */
export function compareBooks(books: Books, journal: readonly Balance[]): readonly AccountCheck[] {
  const sums = new Map<string, { account: AccountPath; asset: Asset; told: bigint; journal: bigint }>()
  const sumOf = ({ account, asset }: Pick<Told, 'account' | 'asset'>) => {
    const key = `${account} ${asset}`
    const sum = sums.get(key) ?? { account, asset, told: 0n, journal: 0n }
    sums.set(key, sum)
    return sum
  }
  for (const told of toldOf(books)) sumOf(told).told += told.minor
  for (const balance of journal) sumOf(balance).journal += balance.minor
  return [...sums.values()]
    .flatMap((sum) => {
      const section = sectionOf(sum.account)
      return section === undefined ? [] : [{ section, ...sum, agrees: sum.told === sum.journal }]
    })
    .toSorted((a, b) => (`${a.account} ${a.asset}` < `${b.account} ${b.asset}` ? -1 : 1))
}

/** The sums of checks by section and asset. */
export function sectionsOf(checks: readonly AccountCheck[]): readonly SectionCheck[] {
  const bySection = Map.groupBy(checks, ({ section, asset }) => `${section} ${asset}`)
  return [...bySection.values()].flatMap((own) =>
    own.slice(0, 1).map(({ section, asset }) => ({
      ...{ section, asset },
      told: own.reduce((sum, { told }) => sum + told, 0n),
      journal: own.reduce((sum, { journal }) => sum + journal, 0n),
      agrees: own.every(({ agrees }) => agrees),
    })),
  )
}

function sectionOf(account: AccountPath): ReportSection | undefined {
  const name = chartNameOf(account)
  return name && SECTIONS[name]
}

/** What stands on which account by what the books tell; positive is debit. */
function toldOf(books: Books): readonly Told[] {
  const { payables, receivables, holdbacks, points, payments, taxes, earned, writtenOff, opened } = books
  return [
    ...payables.map(({ partner, asset, minor }) => credit(accountPath('Partner:Payable', partner), asset, minor)),
    ...receivables.map(({ partner, asset, minor }) => debit(accountPath('Receivable:Partner', partner), asset, minor)),
    ...holdbacks.map(({ partner, asset, minor }) => credit(accountPath('Partner:Holdback', partner), asset, minor)),
    ...points.map(({ asset, minor }) => credit(accountPath('Liabilities:Points'), asset, minor)),
    ...payments.map(({ asset, minor }) => credit(accountPath('Clearing:Payouts'), asset, minor)),
    ...taxes.flatMap(({ asset, vat, withholding }) => [
      debit(accountPath('Tax:InputVAT'), asset, vat),
      credit(accountPath('Tax:Withholding'), asset, withholding),
    ]),
    ...earned.map(({ name, asset, minor }) => debit(accountPath('Expenses:PartnerShare', name), asset, minor)),
    ...writtenOff.map(({ asset, minor }) => debit(accountPath('Expenses:BadDebt'), asset, minor)),
    ...opened,
  ]
}

function debit(account: AccountPath, asset: Asset, minor: bigint): Told {
  return { account, asset, minor }
}

function credit(account: AccountPath, asset: Asset, minor: bigint): Told {
  return { account, asset, minor: -minor }
}
