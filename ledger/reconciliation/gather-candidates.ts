import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { openBankAccount } from '../bank-accounts/open-bank-account.ts'
import type { BankEntry } from './bank-entry.ts'
import type { Candidates } from './diagnose-entry.ts'
import { cluesOf } from './entry-clues.ts'
import type { PayoutCandidate } from './payout-candidate.ts'
import { accountDigest, openEntry } from './seal-entry.ts'
import {
  type CandidateRow,
  countRivals,
  selectByAmount,
  selectByEndToEnd,
  selectByNumber,
  selectOfBatches,
} from './store/candidates.ts'

/** A payment is booked within so many days of its instruction, weekends and holidays included. */
const DAYS = 14

/** Payouts that an entry may mean. By amount they are looked for only where the bank names nothing of ours. */
export async function gatherCandidates(
  context: Context,
  tx: Transaction,
  entry: BankEntry,
  ownAccount: string,
): Promise<Candidates> {
  const clues = cluesOf(openEntry(context, entry))
  const told = async (rows: readonly CandidateRow[]) => Promise.all(rows.map((row) => withDigest(context, row)))
  const exact = clues.endToEndId === undefined ? [] : [clues.endToEndId]
  const byEndToEnd = await told(await selectByEndToEnd(tx, entry, exact))
  const mentioned = await selectByEndToEnd(tx, entry, clues.mentioned)
  const byReference = await told(mentioned.length > 0 ? mentioned : await selectByNumber(tx, entry, clues.words))
  const byBatch = (await selectOfBatches(tx, entry, clues.batches)).map((row) => ({ ...row, accountDigest: undefined }))
  const named = byEndToEnd.length + byReference.length + byBatch.length > 0
  const byAmount = named || entry.minor > 0n ? [] : await told(await amongEqual(tx, entry, ownAccount))
  const { counterpartyDigest: digest } = entry
  const fitting = byAmount.filter(({ accountDigest: own }) => digest === undefined || digest === own)
  return { byEndToEnd, byReference, byBatch, byAmount: fitting }
}

/**
 * Without the other side's account nobody can say which payout is meant where another entry of the same amount waits too, or
 * whether one is meant at all where the bank gives an end-to-end id: none that comes here is of ours.
 */
async function amongEqual(tx: Transaction, entry: BankEntry, ownAccount: string): Promise<readonly CandidateRow[]> {
  const { counterpartyDigest, endToEndId } = entry
  if (counterpartyDigest === undefined && (endToEndId !== undefined || (await countRivals(tx, entry, DAYS)) > 0))
    return []
  return selectByAmount(tx, entry, { ownAccount, days: DAYS })
}

async function withDigest(context: Context, row: CandidateRow): Promise<PayoutCandidate> {
  return { ...row, accountDigest: await digestOfAccount(context, row.account) }
}

async function digestOfAccount(context: Context, account: Id<'bka'>): Promise<string> {
  const { number } = await openBankAccount(context, account)
  return accountDigest(context, number)
}
