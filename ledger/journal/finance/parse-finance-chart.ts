import { z } from 'zod'
import { assetText } from '../../agreements/asset-text.ts'
import { invalid, parseExactly } from '../../agreements/parse-exactly.ts'
import { type FinanceAccount, type FinanceChart, financeChart } from './finance-chart.ts'

const MOST_LINES = 10_000
/** As a word of an account's name in hledger and beancount: no colons, no marks that begin a comment, one space at a time. */
const NAME = /^[^\s:;"()[\]{}|\\\p{Cc}]+(?: [^\s:;"()[\]{}|\\\p{Cc}]+)*$/u

const line = z.strictObject({
  /** An account of ours, with all that is below it: `Partner:Payable`. */
  account: z
    .string()
    .max(200)
    .regex(/^[A-Z][A-Za-z0-9]*(?::[A-Za-z0-9][A-Za-z0-9_-]*)*$/, 'it is no account such as Partner:Payable'),
  /** In this asset alone. */
  asset: assetText.optional(),
  code: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.-]{0,29}$/, 'it is no code such as 2202 or 2221.01'),
  name: z.string().max(80).regex(NAME, 'it has words without colons, brackets and quotes, one space between them'),
})

const mapping = z.strictObject({ accounts: z.array(line).min(1).max(MOST_LINES) })

/**
 * Reads a mapping of our accounts to those of the finance system: `{ accounts: [{ account, asset?, code, name }] }`. Throws
 * `INVALID_INPUT` with the path of the fault; an account is mapped once for each asset, and a code has one name.
 */
export function parseFinanceChart(value: unknown): FinanceChart {
  const { accounts } = parseExactly(mapping, value, 'chart')
  const seen = new Set<string>()
  const names = new Map<string, string>()
  for (const [place, { account, asset, code, name }] of accounts.entries()) {
    const key = `${account} ${asset ?? ''}`
    if (seen.has(key)) throw invalid('chart', ['accounts', place, 'account'], 'it is mapped twice')
    seen.add(key)
    if ((names.get(code) ?? name) !== name)
      throw invalid('chart', ['accounts', place, 'name'], 'its code has two names')
    names.set(code, name)
  }
  return financeChart(accounts satisfies readonly (FinanceAccount & { readonly account: string })[])
}
