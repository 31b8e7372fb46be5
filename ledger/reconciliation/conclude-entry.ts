import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { accountPath } from '../journal/chart.ts'
import type { Resolution } from './bank-break.ts'
import type { BankEntry } from './bank-entry.ts'
import { type BankMatch, type BankPosting, type MatchWay, matchRecord } from './bank-match.ts'
import type { KnownAccount } from './known-accounts.ts'
import { moveBreak } from './move-break.ts'
import { selectBreakOfEntry } from './store/breaks.ts'
import { insertMatch, selectPostings } from './store/matches.ts'

/** What came of an entry, and where the journal has it. */
export type Conclusion = Omit<BankMatch, 'entry' | 'account' | 'break' | 'postings'> & {
  readonly entry: BankEntry
  readonly account: KnownAccount
  /** The account of the journal against which it was booked. */
  readonly against?: string | undefined
  /** Either the entries of the journal, by reference, or what they moved. */
  readonly posted: { readonly references: readonly string[] } | { readonly postings: readonly BankPosting[] }
}

/**
 * Writes what came of an entry, in the transaction that posted it, and resolves its break. What the journal has for it is
 * exactly its amount; an entry that is set aside has nothing.
 */
export async function concludeEntry(context: Context, tx: Transaction, conclusion: Conclusion): Promise<void> {
  const { entry, account, posted, against, ...rest } = conclusion
  const postings =
    'postings' in posted
      ? posted.postings
      : await selectPostings(tx, accountPath('Bank', account.code), posted.references)
  const total = postings.reduce((sum, { minor }) => sum + minor, 0n)
  invariant(total === (rest.how === 'SET_ASIDE' ? 0n : entry.minor), `the journal has ${entry.id} at its amount`)
  const standing = await selectBreakOfEntry(tx, entry.id)
  const match: BankMatch = { ...rest, account: against, entry: entry.id, break: standing?.id, postings }
  const [record] = await appendRecords(context, tx, [matchRecord(entry, match)])
  invariant(record, 'a record was appended')
  await insertMatch(tx, entry.ownAccount, match, { by: context.actor, record })
  if (standing !== undefined) {
    await moveBreak(context, tx, standing, { event: 'RESOLVED', resolution: resolutionOf(rest.how) })
  }
}

function resolutionOf(how: MatchWay): Resolution {
  switch (how) {
    case 'BY_HAND':
    case 'LINKED':
    case 'BOOKED':
    case 'WRITTEN_OFF':
    case 'SET_ASIDE':
      return how
    default:
      return 'MATCHED'
  }
}

/** When money moved, as the bank says: the beginning of that day. */
export function bookingTime({ bookedOn }: BankEntry): Date {
  return new Date(`${bookedOn}T00:00:00Z`)
}
