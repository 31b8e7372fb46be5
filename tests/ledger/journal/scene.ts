import type { Context } from '../../../database/context.ts'
import { type Id, newId, uuidOf } from '../../../kernel/ids.ts'
import { foldBalances } from '../../../ledger/journal/fold-balances.ts'
import type { NewEntry, PostedEntry } from '../../../ledger/journal/post-entries.ts'
import { postEntries } from '../../../ledger/journal/post-entries.ts'
import type { TestWorld } from '../../support/database.ts'

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

/** An open period. */
export async function openPeriod({ owner }: Pick<TestWorld, 'owner'>): Promise<Id<'per'>> {
  const period = newId('per')
  await owner`
    insert into periods (id, programme_id, month, starts_at, ends_at)
    values (${uuidOf(period)}, ${uuidOf(newId('prg'))}, '2026-03', '2026-02-28T16:00:00Z', '2026-03-31T16:00:00Z')`
  return period
}

/** Locks a period, as closing it does. */
export async function lockPeriod({ owner }: Pick<TestWorld, 'owner'>, period: Id<'per'>): Promise<void> {
  await owner`
    update periods set status = 'LOCKED', facts_cut = pg_current_snapshot(), cut_at = now(), locked_at = now(),
      record_id = ${uuidOf(newId('rec'))} where id = ${uuidOf(period)}`
}

/** Folds until nothing is left that is sealed. */
export async function foldAll(context: Context, limit?: number): Promise<void> {
  while ((await foldBalances(context, limit)) > 0);
}
