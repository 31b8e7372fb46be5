import { type Context, DEFAULT_RECONCILIATION } from '../../database/context.ts'
import type { KnownAccount } from './known-accounts.ts'
import { type MatchOutcome, matchEntry } from './match-entry.ts'
import { refreshBreaks } from './refresh-breaks.ts'
import { requireOwnAccount, verifiedAccounts } from './require-own-account.ts'
import { countUnmatched, type EntryPlace, selectUnmatchedAfter } from './store/matches.ts'

export type MatchBankEntriesInput = {
  /** Code of an account of ours; all when absent. */
  readonly ownAccount?: string | null | undefined
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** What a run did. */
export type MatchReport = {
  /** Entries that settle or return payouts. */
  readonly matched: number
  /** Charges that were booked. */
  readonly charged: number
  /** Entries that do not fit. */
  readonly unmatched: number
}

const AT_ONCE = 200

/**
 * Matches what banks said with what was instructed and with the statements behind it: by end-to-end id, else by reference,
 * else by amount, account and date; an entry that stands for a whole batch settles all of it. Each entry with its payouts,
 * its posting and its record is one transaction. What is not unique, or not exactly the same, goes to the queue of breaks.
 * Safe to run again at any point, and on several processes at once: each entry is matched once. Throws `NOT_FOUND` for the
 * account. Source: ADR 0024.
 */
export async function matchBankEntries(context: Context, input: MatchBankEntriesInput = {}): Promise<MatchReport> {
  const { ownAccount, onProgress } = input
  const accounts = ownAccount == null ? await verifiedAccounts(context) : [await requireOwnAccount(context, ownAccount)]
  const { reads } = context.database
  let total = 0
  for (const { id } of accounts) total += await countUnmatched(reads, id)
  const counts: Record<MatchOutcome, number> = { MATCHED: 0, CHARGED: 0, BREAK: 0, DONE_BEFORE: 0 }
  let done = 0
  for (const account of accounts) {
    for await (const outcome of walk(context, account)) {
      counts[outcome] += 1
      done += 1
      onProgress?.({ done, total: Math.max(total, done) })
    }
    await refreshBreaks(context, account, (context.reconciliation ?? DEFAULT_RECONCILIATION).missingDays)
  }
  return { matched: counts.MATCHED, charged: counts.CHARGED, unmatched: counts.BREAK }
}

async function* walk(context: Context, account: KnownAccount): AsyncGenerator<MatchOutcome, void, void> {
  let after: EntryPlace | undefined
  for (;;) {
    const entries = await selectUnmatchedAfter(context.database.reads, account.id, { after, limit: AT_ONCE })
    if (entries.length === 0) return
    for (const entry of entries) yield await matchEntry(context, account, entry.id)
    after = entries.at(-1)
  }
}
