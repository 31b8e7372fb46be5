import type { CanonicalValue } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { type Asset, isAsset } from '../../kernel/money.ts'

/** Where money is: `Partner:Payable:harbour`. Sections of letters, digits, `-` and `_`; the first begins with a capital. */
export type AccountPath = `${string}:${string}`

/** Minor units; positive is debit, negative is credit. */
export type Posting = { readonly account: AccountPath; readonly asset: Asset; readonly minor: bigint }

/** What an entry says. */
export type Entry = {
  readonly at: Date
  readonly description: string
  /** Unique: what was posted under it is not posted again. */
  readonly reference: string
  /** The period it belongs to, which must not be locked. */
  readonly period?: Id<'per'>
  /** The entry that it takes back; an entry is reversed once. */
  readonly reverses?: Id<'jre'>
  readonly postings: readonly Posting[]
}

const ACCOUNT = /^[A-Z][A-Za-z0-9]*(?::[A-Za-z0-9][A-Za-z0-9_-]*)+$/
const LONGEST = { account: 200, reference: 200, description: 500 }
const LARGEST_MINOR = 10n ** 38n - 1n
const CONTROL = /\p{Cc}/u

/** Refuses what cannot stand in the journal. Throws `INVALID_INPUT`, and `UNBALANCED` when an asset does not add up to 0. */
export function checkEntry(entry: Entry): void {
  checkText('reference', entry.reference)
  checkText('description', entry.description)
  if (entry.reference === '') throw new Fault('INVALID_INPUT', 'an entry needs a reference')
  if (Number.isNaN(entry.at.getTime())) throw new Fault('INVALID_INPUT', 'an entry needs a time')
  if (entry.postings.length === 0) throw new Fault('INVALID_INPUT', `the entry ${entry.reference} moves nothing`)
  for (const posting of entry.postings) checkPosting(posting)
  for (const [asset, total] of totals(entry.postings)) {
    if (total !== 0n) {
      throw new Fault('UNBALANCED', `the entry ${entry.reference} does not balance: ${total} is left in ${asset}`)
    }
  }
}

/** Whether a text names an account as a posting does. */
export function isAccountPath(text: string): text is AccountPath {
  return text.length <= LONGEST.account && ACCOUNT.test(text)
}

/** The sum of postings in each asset. */
export function totals(postings: readonly Pick<Posting, 'asset' | 'minor'>[]): ReadonlyMap<Asset, bigint> {
  const sums = new Map<Asset, bigint>()
  for (const { asset, minor } of postings) sums.set(asset, (sums.get(asset) ?? 0n) + minor)
  return sums
}

/** What is recorded of an entry, and told apart by: two entries of one reference with other contents are in conflict. */
export function contentOf({ at, description, reference, period, reverses, postings }: Entry): {
  readonly [key: string]: CanonicalValue | undefined
} {
  return {
    at: at.toISOString(),
    description,
    reference,
    period,
    reverses,
    postings: postings.map(({ account, asset, minor }) => ({ account, asset, minor })),
  }
}

function checkText(field: 'reference' | 'description', text: string): void {
  // the database counts code points
  if ([...text].length > LONGEST[field] || CONTROL.test(text) || !text.isWellFormed()) {
    throw new Fault('INVALID_INPUT', `a ${field} has at most ${LONGEST[field]} characters, all of them printable`, {
      field,
    })
  }
}

function checkPosting({ account: path, asset, minor }: Posting): void {
  const account: string = path
  if (!isAccountPath(account)) {
    throw new Fault(
      'INVALID_INPUT',
      `${JSON.stringify(account.slice(0, 60))} is not an account such as Partner:Payable`,
    )
  }
  if (!isAsset(asset)) throw new Fault('INVALID_INPUT', 'a posting is in an asset such as CNY/2')
  if (minor === 0n || minor > LARGEST_MINOR || minor < -LARGEST_MINOR) {
    throw new Fault('INVALID_INPUT', 'a posting moves some amount of at most 38 digits')
  }
}
