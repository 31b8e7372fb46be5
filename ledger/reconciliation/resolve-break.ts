import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { isId } from '../../kernel/ids.ts'
import { formatDecimal } from '../../kernel/money.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { accountPath } from '../journal/chart.ts'
import { receiveRepayment } from '../receivables/receive-repayment.ts'
import { actOnBreak, type HeldBreak } from './act-on-break.ts'
import type { BankBreak } from './bank-break.ts'
import type { BankPosting } from './bank-match.ts'
import { bookingTime, concludeEntry } from './conclude-entry.ts'
import { concludeGap } from './conclude-gap.ts'
import { payByEntry } from './pay-by-entry.ts'
import { requireUnmatched } from './require-unmatched.ts'
import { selectCandidate } from './store/candidates.ts'
import { selectFreePosting } from './store/matches.ts'

const resolveBreakInput = z
  .strictObject({
    break: z.string().max(60),
    /** The payout that the entry settles or returns. */
    payout: z.string().max(60).nullish(),
    /** The entry of the journal by which the money stands in the ledger already. */
    journalEntry: z.string().max(60).nullish(),
    /** The agreement by which a partner owed what it pays back with the entry. */
    repaymentOf: z.string().max(60).nullish(),
    idempotencyKey: z.string(),
  })
  .refine((input) => [input.payout, input.journalEntry, input.repaymentOf].filter((one) => one != null).length === 1, {
    error: 'give one of the payout, the entry of the journal and the agreement that is repaid',
  })

export type ResolveBreakInput = z.input<typeof resolveBreakInput>

/**
 * Says by hand what an entry of a bank is: the payout that it settles (money that went out) or returns (that came in), what
 * a partner pays back of what it owes by an agreement, or what stands for it, or for a gap, in the journal already. The amount
 * is exactly the same. Throws `NOT_FOUND`, `INVALID_INPUT`, `ASSET_MISMATCH`, `WRONG_STATE` (resolved; another amount; the
 * payout's status; more than is owed), `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts. Source:
 * ADR 0024.
 */
export async function resolveBreak(context: Context, input: ResolveBreakInput): Promise<BankBreak> {
  const { payout, journalEntry, repaymentOf, ...which } = parseExactly(resolveBreakInput, input, 'resolution')
  const request = { payout: payout ?? null, journalEntry: journalEntry ?? null, repaymentOf: repaymentOf ?? null }
  return actOnBreak(context, { ...which, verb: 'resolve', request }, (tx, held) => {
    if (payout != null) return payBy(context, tx, held, payout)
    return repaymentOf == null ? linkTo(context, tx, held, journalEntry ?? '') : repay(context, tx, held, repaymentOf)
  })
}

async function payBy(context: Context, tx: Transaction, { found, account }: HeldBreak, named: string): Promise<void> {
  const entry = await requireUnmatched(tx, found)
  const payout = isId('pyt', named) ? await selectCandidate(tx, named) : undefined
  if (payout === undefined) throw new Fault('NOT_FOUND', 'there is no such payout', { field: 'payout' })
  const { asset, minor } = entry
  if (payout.asset !== asset) {
    throw new Fault('ASSET_MISMATCH', `the payout is in ${payout.asset}, not in ${asset}`, { field: 'payout' })
  }
  if (payout.transfer !== (minor < 0n ? -minor : minor)) {
    const amount = formatDecimal({ asset, minor: payout.transfer })
    throw new Fault('WRONG_STATE', `the payout is of ${amount}: a difference is written off by two persons`)
  }
  const references = await payByEntry(context, tx, { entry, account, payouts: [payout.id] })
  const posted = { references }
  await concludeEntry(context, tx, { entry, account, how: 'BY_HAND', payouts: [payout.id], posted })
}

async function repay(
  context: Context,
  tx: Transaction,
  { found, account }: HeldBreak,
  agreement: string,
): Promise<void> {
  const entry = await requireUnmatched(tx, found)
  if (!isId('agr', agreement)) throw new Fault('NOT_FOUND', 'there is no such agreement', { field: 'repaymentOf' })
  if (entry.minor < 0n) throw new Fault('WRONG_STATE', 'money that went out pays nothing back')
  const { id: bankEntry, asset, minor: amount } = entry
  const place = { at: bookingTime(entry), bankEntry, ownAccount: account.code }
  await receiveRepayment(context, tx, { agreement, asset, amount, ...place })
  const posted = { references: [`repayment:${bankEntry}`] }
  await concludeEntry(context, tx, {
    entry,
    account,
    how: 'BY_HAND',
    payouts: [],
    against: 'Receivable:Partner',
    posted,
  })
}

async function linkTo(context: Context, tx: Transaction, { found, account }: HeldBreak, named: string): Promise<void> {
  const path = accountPath('Bank', account.code)
  const posting = isId('jre', named) ? await selectFreePosting(tx, path, named) : undefined
  if (posting === undefined) {
    throw new Fault('NOT_FOUND', `no such entry of the journal moved ${path} and stands for nothing yet`, {
      field: 'journalEntry',
    })
  }
  refuseOtherAmount(found, posting)
  if (found.kind === 'BALANCE_GAP') return concludeGap(context, tx, found, { resolution: 'LINKED', posting })
  const entry = await requireUnmatched(tx, found)
  await concludeEntry(context, tx, { entry, account, how: 'LINKED', payouts: [], posted: { postings: [posting] } })
}

function refuseOtherAmount({ asset, minor }: BankBreak, posting: BankPosting): void {
  if (posting.minor === minor) return
  const [moved, wanted] = [posting.minor, minor].map((one) => formatDecimal({ asset, minor: one }))
  throw new Fault('WRONG_STATE', `the entry of the journal moved ${moved}, not ${wanted}`)
}
