import { type Asset, codeOf, decimalsOf, formatDecimal } from '../../../kernel/money.ts'
import type { Posting } from '../entry.ts'
import type { StoredEntry } from '../store/entries.ts'
import type { EntryWriter } from './entry-writer.ts'

/** hledger's journal format. Accounts and commodities are declared where they are first met; strict checks want that. */
export function hledgerWriter(): EntryWriter {
  const declared: Declared = { accounts: new Set(), decimals: new Map() }
  return {
    head: 'decimal-mark .\n',
    write: (entries) =>
      entries.map((entry) => `${declarations(entry.postings, declared)}\n${transaction(entry)}`).join(''),
  }
}

type Declared = { readonly accounts: Set<string>; readonly decimals: Map<string, number> }

function declarations(postings: readonly Posting[], { accounts, decimals }: Declared): string {
  const lines: string[] = []
  for (const { account, asset } of postings) {
    if (!accounts.has(account)) lines.push(`account ${account}\n`)
    accounts.add(account)
    // assets of one code with other decimals share a commodity, which is shown with the most of them
    if (decimalsOf(asset) > (decimals.get(codeOf(asset)) ?? -1)) {
      decimals.set(codeOf(asset), decimalsOf(asset))
      lines.push(`commodity ${commodity(asset)} 1000.${'0'.repeat(decimalsOf(asset))}\n`)
    }
  }
  return lines.join('')
}

function transaction({ id, at, reference, description, postings }: StoredEntry): string {
  const head = `${at.toISOString().slice(0, 10)} * (${plain(reference)}) ${plain(description)}`.trimEnd()
  const lines = postings.map(
    ({ account, asset, minor }) => `    ${account}  ${commodity(asset)} ${formatDecimal({ asset, minor })}\n`,
  )
  return `${head}\n    ; entry:${id}\n${lines.join('')}`
}

/** Codes with digits need quotes. */
function commodity(asset: Asset): string {
  const code = codeOf(asset)
  return /[0-9]/.test(code) ? `"${code}"` : code
}

/** Without what would end the line, the code or the description, or begin a comment. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').replace(/[();|]/g, ',')
}
