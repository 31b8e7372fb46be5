import { sha256Hex } from '../../../kernel/digest.ts'
import type { AccountPath } from '../entry.ts'
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
  return distinctNames<AccountPath>(nameOf, (account) => `${nameOf(account)}-${sha256Hex(account).slice(0, 12)}`)
}

function nameOf(account: AccountPath): string {
  const sections = account.split(':').map((section) => capitalised(section).replaceAll('_', '-'))
  return OWN_ROOT.test(account) ? sections.join(':') : [rootOf(account), ...sections].join(':')
}

/** What is not in our chart is shown as such, rather than given a meaning. */
function rootOf(account: string): string {
  for (let prefix = account; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf(':')))) {
    const root = ROOTS[prefix]
    if (root) return root
  }
  return 'Equity:Unmapped'
}

function capitalised(section: string): string {
  return section.slice(0, 1).toUpperCase() + section.slice(1)
}
