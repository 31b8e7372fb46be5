import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { BankBreak, Resolution } from './bank-break.ts'
import { type BankPosting, gapRecord } from './bank-match.ts'
import { moveBreak } from './move-break.ts'
import { insertGap } from './store/matches.ts'

/** Writes by which entry of the journal a gap between balances stands in the ledger, and resolves its break. */
export async function concludeGap(
  context: Context,
  tx: Transaction,
  found: BankBreak,
  { resolution, posting }: { readonly resolution: Resolution; readonly posting: BankPosting },
): Promise<void> {
  const gap = { ownAccount: found.ownAccount, break: found.id, postings: [posting] }
  await appendRecords(context, tx, [gapRecord(gap)])
  await insertGap(tx, gap)
  await moveBreak(context, tx, found, { event: 'RESOLVED', resolution })
}
