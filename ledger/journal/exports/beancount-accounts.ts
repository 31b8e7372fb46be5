import { sha256Hex } from '../../../kernel/digest.ts'
import type { AccountPath } from '../entry.ts'
import { requirePlace } from '../finance/check-finance-chart.ts'
import type { FinanceChart } from '../finance/finance-chart.ts'
import type { UsedAccount } from '../store/used-accounts.ts'
import { distinctNames } from './distinct-names.ts'

type Root = 'Assets' | 'Liabilities' | 'Equity' | 'Income' | 'Expenses'

/**
 * Where our chart stands in beancount's, by whole sections; the longest prefix counts. `Clearing` is what we have
 * instructed and the bank has not paid yet; `Points:Issued` is the other side of points, which are no money.
 */
const ROOTS: Readonly<Record<string, Root>> = {
  Partner: 'Liabilities',
  Receivable: 'Assets',
  Tax: 'Liabilities',
  'Tax:InputVAT': 'Assets',
  Clearing: 'Liabilities',
  Bank: 'Assets',
  Points: 'Liabilities',
  'Points:Issued': 'Equity',
}
const OWN_ROOT = /^(?:Assets|Liabilities|Equity|Income|Expenses):/

/**
 * Accounts by the names that beancount takes: below one of its five roots, sections that begin with a capital or a
 * digit, without `_`. Two accounts never share a name: the second to come has a digest of its own path at its end.
 * Source: docs/exports.md; beancount manual, “Language Syntax”.
 */
export function beancountAccounts(): (account: AccountPath) => string {
  return distinctNames<AccountPath>(nameOf, (account) => certain(nameOf(account), account))
}

/**
 * The same by the finance system's accounts: `Liabilities:2202-应付账款:Harbour`. Several of ours that stand on one account
 * there share its name. Throws `ACCOUNT_UNMAPPED` for one that is not mapped.
 */
export function beancountFinanceAccounts(chart: FinanceChart): (posting: UsedAccount) => string {
  const names = distinctNames<string>(financeNameOf, (key) => certain(financeNameOf(key), key))
  return (posting) => {
    const { code, name, below } = requirePlace(chart, posting)
    return names([rootOf(posting.account), `${code} ${name}`, ...below].join(':'))
  }
}

function certain(name: string, key: string): string {
  return `${name}-${sha256Hex(key).slice(0, 12)}`
}

/** Beancount takes letters of any script, and of ASCII only letters, digits and dashes. */
function financeNameOf(key: string): string {
  const [root = '', ...sections] = key.split(':')
  return [
    root,
    ...sections.map((section) => capitalised(section.replace(/[^0-9A-Za-z\u0080-\u{10ffff}]/gu, '-'))),
  ].join(':')
}

function nameOf(account: AccountPath): string {
  const sections = account.split(':').map((section) => capitalised(section).replaceAll('_', '-'))
  return OWN_ROOT.test(account) ? sections.join(':') : [rootOf(account), ...sections].join(':')
}

/** What is not in our chart is shown as such, rather than given a meaning. */
function rootOf(account: string): string {
  const [own] = OWN_ROOT.exec(account) ?? []
  if (own !== undefined) return own.slice(0, -1)
  for (let prefix = account; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf(':')))) {
    const root = ROOTS[prefix]
    if (root) return root
  }
  return 'Equity:Unmapped'
}

function capitalised(section: string): string {
  return section.slice(0, 1).toUpperCase() + section.slice(1)
}
