import { expect, test } from 'vitest'
import type { AccountPath } from '../../../ledger/journal/entry.ts'
import { beancountAccounts } from '../../../ledger/journal/exports/beancount-accounts.ts'
import { commodityNames } from '../../../ledger/journal/exports/commodity-names.ts'

test.each<[AccountPath, string]>([
  ['Partner:Accrued:harbour', 'Liabilities:Partner:Accrued:Harbour'],
  ['Partner:Payable:harbour', 'Liabilities:Partner:Payable:Harbour'],
  ['Partner:Holdback:harbour', 'Liabilities:Partner:Holdback:Harbour'],
  ['Receivable:Partner:harbour', 'Assets:Receivable:Partner:Harbour'],
  ['Tax:InputVAT:harbour', 'Assets:Tax:InputVAT:Harbour'],
  ['Tax:InputVATs:harbour', 'Liabilities:Tax:InputVATs:Harbour'],
  ['Tax:Withholding', 'Liabilities:Tax:Withholding'],
  ['Clearing:Payouts', 'Liabilities:Clearing:Payouts'],
  ['Bank:Main', 'Assets:Bank:Main'],
  ['Points:Issued:spring', 'Equity:Points:Issued:Spring'],
  ['Points:Customer:spring', 'Liabilities:Points:Customer:Spring'],
  ['Liabilities:Points', 'Liabilities:Points'],
  ['Expenses:PartnerShare:spring_2', 'Expenses:PartnerShare:Spring-2'],
  ['Income:PointsBreakage', 'Income:PointsBreakage'],
  ['Equity:Opening', 'Equity:Opening'],
  ['Assets:Else', 'Assets:Else'],
  ['Unknown:thing', 'Equity:Unmapped:Unknown:Thing'],
])('the account %s is %s in beancount', (account, name) => {
  expect(beancountAccounts()(account)).toBe(name)
})

test('accounts that would share a name have names of their own, and keep them', () => {
  const nameOf = beancountAccounts()
  const alike: readonly AccountPath[] = ['Bank:a_b', 'Bank:a-b', 'Bank:A_b', 'Assets:Bank:a-b']
  const names = alike.map(nameOf)
  expect(names[0]).toBe('Assets:Bank:A-b')
  for (const name of names.slice(1)) expect(name).toMatch(/^Assets:Bank:A-b-[0-9a-f]{12}$/)
  expect(new Set(names).size).toBe(4)
  expect(alike.map(nameOf)).toEqual(names)
})

test('assets of one code with other decimals are other commodities', () => {
  const nameOf = commodityNames()
  expect((['CNY/2', 'USDC/6', 'CNY/4', 'CNY/2', 'CNY/0'] as const).map(nameOf)).toEqual([
    'CNY',
    'USDC',
    'CNY.4',
    'CNY',
    'CNY.0',
  ])
})
