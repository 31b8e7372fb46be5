import { invariant } from '../../kernel/invariant.ts'
import { type AccountPath, isAccountPath } from './entry.ts'

/** What an account is in the accounts of a business. A clearing account is zero when all that passes through it arrived. */
export type AccountType = 'asset' | 'liability' | 'income' | 'expense' | 'equity' | 'clearing'

/** An account of the chart. */
export type ChartAccount = {
  readonly type: AccountType
  /** What there is one account each for, by its code or id: the last section of the path. */
  readonly per?: 'partner' | 'programme' | 'customer' | 'bank account'
  readonly about: string
}

/** Every account that our own entries use. Source: RULES §6. */
export const CHART = {
  Bank: { type: 'asset', per: 'bank account', about: 'Money in the bank' },
  'Clearing:Treasury': { type: 'clearing', about: 'Money on its way between accounts of the house' },
  'Clearing:Payouts': { type: 'clearing', about: 'Payments that are instructed and not confirmed' },
  'Equity:Opening': { type: 'equity', about: 'What opening balances are entered against' },
  'Expenses:BadDebt': { type: 'expense', about: 'What partners owe and will not pay' },
  'Expenses:BankDifferences': { type: 'expense', about: 'Small differences to what banks moved' },
  'Expenses:BankFees': { type: 'expense', about: 'What banks take for accounts' },
  'Expenses:PartnerShare': { type: 'expense', per: 'programme', about: 'What partners earned' },
  'Expenses:PayoutFees': { type: 'expense', about: 'What banks take for payouts' },
  'Expenses:Points': { type: 'expense', about: 'What points cost when they are earned' },
  'Income:BankInterest': { type: 'income', about: 'Interest of banks' },
  'Income:PointsBreakage': { type: 'income', about: 'Points that expired' },
  'Liabilities:CustomerCash': { type: 'liability', per: 'customer', about: 'Money due to a customer for points' },
  'Liabilities:Points': { type: 'liability', about: 'What outstanding points are worth' },
  'Partner:Accrued': { type: 'liability', per: 'partner', about: 'Earned, in a period that is not locked' },
  'Partner:Holdback': { type: 'liability', per: 'partner', about: 'Held back of what was earned' },
  'Partner:Payable': { type: 'liability', per: 'partner', about: 'To be paid, or carried to the next statement' },
  'Points:Customer': { type: 'liability', per: 'customer', about: 'Points that a customer has' },
  'Points:Issued': { type: 'equity', about: 'Points that were given out and not used' },
  'Points:Partner': { type: 'liability', per: 'partner', about: 'Points that a partner has' },
  'Receivable:Partner': { type: 'asset', per: 'partner', about: 'What a partner owes' },
  'Tax:InputVAT': { type: 'asset', about: 'Value added tax to be claimed' },
  'Tax:Withholding': { type: 'liability', about: 'Tax withheld and not remitted' },
} as const satisfies Readonly<Record<string, ChartAccount>>

export type ChartName = keyof typeof CHART

/** The last section, for those accounts that there are several of. */
type Key<N extends ChartName> = (typeof CHART)[N] extends { readonly per: string }
  ? readonly [key: string]
  : readonly []

/** The path of an account of the chart: `accountPath('Partner:Payable', 'harbour')`. */
export function accountPath<N extends ChartName>(name: N, ...key: Key<N>): AccountPath {
  const path = [name, ...key].join(':')
  invariant(isAccountPath(path), `${JSON.stringify(path)} cannot be an account`)
  return path
}

/** The account of the chart that a path belongs to; `undefined` for one that is not ours. */
export function chartNameOf(path: string): ChartName | undefined {
  // no account of the chart is below another one, so that the order does not matter
  return Object.keys(CHART)
    .filter(isChartName)
    .find((name) => path === name || path.startsWith(`${name}:`))
}

export function isChartName(text: string): text is ChartName {
  return Object.hasOwn(CHART, text)
}

/** What is known of an account of the chart. */
export function chartAccount(name: ChartName): ChartAccount {
  return CHART[name]
}

/** Accounts of the chart of which there is one for each customer: there may be millions. */
export const CUSTOMER_ACCOUNTS: readonly ChartName[] = Object.keys(CHART)
  .filter(isChartName)
  .filter((name) => chartAccount(name).per === 'customer')
