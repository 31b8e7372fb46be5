import type { Context } from '../../../database/context.ts'
import type { NewEntry, PostedEntry } from '../../../ledger/journal/post-entries.ts'
import { postEntries } from '../../../ledger/journal/post-entries.ts'

let made = 0

/** A balanced entry of 12.30 CNY under a reference of its own. */
export function someEntry(changes: Partial<NewEntry> = {}): NewEntry {
  return {
    at: new Date('2026-03-31T15:59:59.999Z'),
    description: 'Share accrued',
    reference: `entry:${++made}`,
    postings: [
      { account: 'Expenses:PartnerShare:spring', asset: 'CNY/2', minor: 1230n },
      { account: 'Partner:Accrued:harbour', asset: 'CNY/2', minor: -1230n },
    ],
    ...changes,
  }
}

/** Posts entries in a transaction of their own. */
export async function post(context: Context, ...entries: readonly NewEntry[]): Promise<readonly PostedEntry[]> {
  return context.database.transaction((tx) => postEntries(context, tx, entries))
}
