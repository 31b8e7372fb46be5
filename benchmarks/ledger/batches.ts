import type { Context } from '../../database/context.ts'
import { foldBalances } from '../../ledger/journal/fold-balances.ts'
import { type NewEntry, postEntries } from '../../ledger/journal/post-entries.ts'
import { sealRecords } from '../../records/seal-records.ts'

/** Seconds that each step took. */
export type Steps = { readonly post: number; readonly seal: number; readonly fold: number }

const ENTRIES_AT_ONCE = 1000
const PARTNERS = 1000
const ENTRIES_A_DAY = 20_000
const DAY_MS = 86_400_000
const START = Date.UTC(2026, 0, 1)

/** Two writers post so many entries in batches; then all are sealed and folded. Each entry is a record. */
export async function postAndFold(context: Context, from: number, count: number): Promise<Steps> {
  let next = from
  const writer = async (): Promise<void> => {
    while (next < from + count) {
      const first = next
      next += ENTRIES_AT_ONCE
      const entries = Array.from({ length: Math.min(ENTRIES_AT_ONCE, from + count - first) }, (_, k) =>
        entryOf(first + k),
      )
      await context.database.transaction((tx) => postEntries(context, tx, entries))
    }
  }
  const post = await secondsOf(() => Promise.all([writer(), writer()]))
  const seal = await secondsOf(() => untilDone(() => sealRecords(context), count))
  const fold = await secondsOf(() => untilDone(() => foldBalances(context), count))
  return { post, seal, fold }
}

/** One of a partner's earnings: a hot account on one side, one of many on the other. */
function entryOf(n: number): NewEntry {
  const minor = BigInt(100 + (n % 900))
  return {
    at: new Date(START + Math.floor((n * DAY_MS) / ENTRIES_A_DAY)),
    description: 'Share accrued',
    reference: `batch:${n}`,
    postings: [
      { account: 'Expenses:PartnerShare:spring', asset: 'CNY/2', minor },
      { account: `Partner:Accrued:p${(n * 7919) % PARTNERS}`, asset: 'CNY/2', minor: -minor },
    ],
  }
}

/** A short wait for the database's other transactions may come before all is sealed. */
async function untilDone(turn: () => Promise<number>, count: number): Promise<void> {
  for (let done = 0; done < count; done += await turn());
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}
