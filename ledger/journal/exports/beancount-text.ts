import { Fault } from '../../../kernel/fault.ts'
import { decimalsOf, formatDecimal } from '../../../kernel/money.ts'
import { type Posting, totals } from '../entry.ts'
import type { FinanceChart } from '../finance/finance-chart.ts'
import type { ExportedEntry } from '../store/entries.ts'
import { beancountAccounts, beancountFinanceAccounts } from './beancount-accounts.ts'
import { commodityNames } from './commodity-names.ts'
import type { EntryWriter } from './entry-writer.ts'

/** The digits to which beancount calculates; beyond them it finds fault with what is right, and none with what is wrong. */
const DIGITS = 28

/**
 * Beancount's language. Accounts are opened, and commodities declared, on the day on which they are first met, with our
 * own names as metadata; entries carry their id, reference and record. Writing throws `UNSUPPORTED` at an entry that beancount cannot check.
 * Source: beancount manual, “Language Syntax”.
 */
export function beancountWriter(chart?: FinanceChart): EntryWriter {
  const ours = beancountAccounts()
  const account = chart === undefined ? (posting: Posting) => ours(posting.account) : beancountFinanceAccounts(chart)
  const names: Names = { account, commodity: commodityNames(), declared: new Set() }
  return {
    head: 'option "title" "Tributary"\n',
    write: (entries) => entries.map((entry) => textOf(entry, names)).join(''),
  }
}

type Names = {
  readonly account: (posting: Posting) => string
  readonly commodity: ReturnType<typeof commodityNames>
  /** The names that the file has introduced; accounts have a colon in them and commodities do not. */
  readonly declared: Set<string>
}

function textOf(entry: ExportedEntry, names: Names): string {
  refuseTooLarge(entry)
  return `${declarations(entry, names)}\n${transaction(entry, names)}`
}

/** What is debited in an asset is the largest number that adding up the entry in any order can lead to. */
function refuseTooLarge({ id, postings }: ExportedEntry): void {
  for (const [asset, debited] of totals(postings.filter(({ minor }) => minor > 0n))) {
    if (debited < 10n ** BigInt(DIGITS)) continue
    throw new Fault(
      'UNSUPPORTED',
      `the entry ${id} moves more ${asset} than beancount can calculate: export for hledger`,
    )
  }
}

function declarations({ at, postings }: ExportedEntry, { account, commodity, declared }: Names): string {
  const lines: string[] = []
  const declare = (name: string, text: string): void => {
    if (!declared.has(name)) lines.push(`${dateOf(at)} ${text}`)
    declared.add(name)
  }
  for (const posting of postings) {
    const [opened, asset] = [account(posting), commodity(posting.asset)]
    declare(opened, `open ${opened}\n  account: ${quoted(posting.account)}\n`)
    declare(asset, `commodity ${asset}\n  asset: ${quoted(posting.asset)}\n  precision: ${decimalsOf(posting.asset)}\n`)
  }
  return lines.join('')
}

function transaction(entry: ExportedEntry, { account, commodity }: Names): string {
  const { id, at, reference, description, record, period, postings } = entry
  const metadata = { entry: id, reference, record, period }
  return [
    `${dateOf(at)} * ${quoted(description)}`,
    ...Object.entries(metadata).flatMap(([key, text]) => (text === undefined ? [] : [`  ${key}: ${quoted(text)}`])),
    ...postings.map((posting) => `  ${account(posting)}  ${formatDecimal(posting)} ${commodity(posting.asset)}`),
    '',
  ].join('\n')
}

/** In UTC. */
function dateOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}

/** A string in beancount's language, in which only these two have a meaning. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`
}
