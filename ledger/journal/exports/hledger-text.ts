import { type Asset, decimalsOf, formatDecimal } from '../../../kernel/money.ts'
import type { Posting } from '../entry.ts'
import { requirePlace } from '../finance/check-finance-chart.ts'
import type { FinanceChart } from '../finance/finance-chart.ts'
import type { ExportedEntry } from '../store/entries.ts'
import { commodityNames } from './commodity-names.ts'
import type { EntryWriter } from './entry-writer.ts'

/**
 * hledger's journal format. Accounts and commodities are declared where they are first met; strict checks want that. With a
 * chart, accounts are the finance system's: `2202 应付账款:harbour`.
 */
export function hledgerWriter(chart?: FinanceChart): EntryWriter {
  const name = chart === undefined ? ({ account }: Posting) => account : financeName(chart)
  const declared: Declared = { accounts: new Set(), assets: new Set(), commodity: quotedNames(), name }
  return {
    head: 'decimal-mark .\n',
    write: (entries) =>
      entries.map((entry) => `${declarations(entry.postings, declared)}\n${transaction(entry, declared)}`).join(''),
  }
}

type Declared = {
  readonly accounts: Set<string>
  readonly assets: Set<Asset>
  readonly commodity: (asset: Asset) => string
  readonly name: (posting: Posting) => string
}

/** Code and name of the finance system's account, and the sections of ours that it does not tell apart. */
function financeName(chart: FinanceChart): (posting: Posting) => string {
  return (posting) => {
    const { code, name, below } = requirePlace(chart, posting)
    return [`${code} ${name}`, ...below].join(':')
  }
}

function declarations(postings: readonly Posting[], { accounts, assets, commodity, name }: Declared): string {
  const lines: string[] = []
  for (const posting of postings) {
    const { asset } = posting
    const account = name(posting)
    if (!accounts.has(account)) lines.push(`account ${account}\n`)
    accounts.add(account)
    if (!assets.has(asset)) lines.push(`commodity ${commodity(asset)} 1000.${'0'.repeat(decimalsOf(asset))}\n`)
    assets.add(asset)
  }
  return lines.join('')
}

function transaction(
  { id, at, reference, description, postings }: ExportedEntry,
  { commodity, name }: Declared,
): string {
  const head = `${at.toISOString().slice(0, 10)} * (${plain(reference)}) ${plain(description)}`.trimEnd()
  const lines = postings.map(
    (posting) => `    ${name(posting)}  ${commodity(posting.asset)} ${formatDecimal(posting)}\n`,
  )
  return `${head}\n    ; entry:${id}\n${lines.join('')}`
}

/** Names that are not of letters alone need quotes. */
function quotedNames(): (asset: Asset) => string {
  const names = commodityNames()
  return (asset) => (/[^A-Z]/.test(names(asset)) ? `"${names(asset)}"` : names(asset))
}

/** Without what would end the line, the code or the description, or begin a comment. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').replace(/[();|]/g, ',')
}
