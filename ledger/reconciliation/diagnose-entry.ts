import type { Id } from '../../kernel/ids.ts'
import type { BreakKind } from './bank-break.ts'
import type { BankEntry } from './bank-entry.ts'
import type { MatchWay } from './bank-match.ts'
import type { PayoutCandidate } from './payout-candidate.ts'

/** Payouts that an entry may mean, by what they were found. */
export type Candidates = {
  /** The one with the end-to-end id that the bank gives. */
  readonly byEndToEnd: readonly PayoutCandidate[]
  /** Those that the bank's other texts name, by end-to-end id or statement. */
  readonly byReference: readonly PayoutCandidate[]
  /** Those of a batch that the bank names as a whole. */
  readonly byBatch: readonly PayoutCandidate[]
  /** Those with the amount, account and time, where no other entry fits them as well. */
  readonly byAmount: readonly PayoutCandidate[]
}

/** What an entry is: payouts that it settles or returns, or what does not fit. */
export type Diagnosis =
  | { readonly is: 'SETTLES' | 'RETURNS'; readonly how: MatchWay; readonly payouts: readonly PayoutCandidate[] }
  | { readonly is: 'BREAK'; readonly kind: BreakKind; readonly payout?: Id<'pyt'>; readonly about: string }

type Facts = Pick<BankEntry, 'minor' | 'returnReason' | 'reversal' | 'counterpartyDigest'> & {
  readonly ownAccount: string
}

/**
 * Says what an entry is: by end-to-end id, else by reference, else by amount, account and date. Only what is unique is
 * matched, at exactly its amount; everything else goes to the queue. Pure.
 */
export function diagnoseEntry(entry: Facts, found: Candidates): Diagnosis {
  const [exact] = found.byEndToEnd
  if (exact !== undefined) return judge(entry, exact, 'END_TO_END')
  const named = found.byReference
  const [only] = named
  if (only !== undefined && named.length === 1) return judge(entry, only, 'REFERENCE')
  const fitting = named.filter((one) => judge(entry, one, 'REFERENCE').is !== 'BREAK')
  const [fits] = fitting
  if (fits !== undefined && fitting.length === 1) return judge(entry, fits, 'REFERENCE')
  if (named.length > 0) return ambiguous(named)
  return entry.minor < 0n ? outgoing(entry, found) : incoming(entry)
}

function outgoing(entry: Facts, { byBatch, byAmount }: Candidates): Diagnosis {
  const total = byBatch.reduce((sum, { transfer }) => sum + transfer, 0n)
  if (byBatch.length > 0 && total === -entry.minor && byBatch.every((one) => leaves(one) && fromHere(entry, one))) {
    return { is: 'SETTLES', how: 'BATCH', payouts: byBatch }
  }
  if (byBatch.length > 0) {
    return broken('AMOUNT_DIFFERS', 'the bank booked a batch as one, at another amount than what of it is under way')
  }
  const [only] = byAmount
  if (only !== undefined && byAmount.length === 1) return judge(entry, only, 'AMOUNT')
  if (byAmount.length > 1) return ambiguous(byAmount)
  return broken('NOT_IN_LEDGER', 'money went out that no payout stands for')
}

function incoming({ returnReason, reversal }: Facts): Diagnosis {
  if (returnReason !== undefined || reversal)
    return broken('RETURN_UNMATCHED', 'money came back of no payout that is known')
  return broken('NOT_IN_LEDGER', 'money came in that nothing of ours stands for')
}

/** What an entry is if it means this payout. */
function judge(entry: Facts, payout: PayoutCandidate, how: MatchWay): Diagnosis {
  const { minor } = entry
  const about = (kind: BreakKind, why: string) =>
    broken(kind, `${why}: payout of statement ${payout.statementNumber}`, payout)
  if (!fromHere(entry, payout))
    return about('ACCOUNT_DIFFERS', 'it moved on another account of ours than was instructed')
  if (minor < 0n ? payout.settled : payout.returned) return about('DUPLICATE', 'the bank moved this money already')
  if (minor < 0n ? !leaves(payout) : !comesBack(payout)) {
    return about('NOT_IN_LEDGER', `the bank moved money of a payout that is ${payout.status}`)
  }
  if ((minor < 0n ? -minor : minor) !== payout.transfer) return about('AMOUNT_DIFFERS', 'the amount is another one')
  if (minor < 0n && entry.counterpartyDigest !== undefined && entry.counterpartyDigest !== payout.accountDigest) {
    return about('ACCOUNT_DIFFERS', 'it went to another account than was instructed')
  }
  return { is: minor < 0n ? 'SETTLES' : 'RETURNS', how, payouts: [payout] }
}

/** Whether its money may leave: it was instructed, or came back before the entry by which it left was seen. */
function leaves({ status, settled }: PayoutCandidate): boolean {
  return ['INSTRUCTED', 'SENT', 'UNKNOWN'].includes(status) || (status === 'RETURNED' && !settled)
}

function comesBack({ status }: PayoutCandidate): boolean {
  return ['INSTRUCTED', 'SENT', 'UNKNOWN', 'SETTLED'].includes(status)
}

function fromHere(entry: Facts, payout: PayoutCandidate): boolean {
  return entry.ownAccount === payout.ownAccount
}

function ambiguous(payouts: readonly PayoutCandidate[]): Diagnosis {
  return broken('AMBIGUOUS', `it may be the payout of several statements: ${payouts.length} fit`)
}

function broken(kind: BreakKind, about: string, payout?: PayoutCandidate): Diagnosis {
  return { is: 'BREAK', kind, about, ...(payout === undefined ? {} : { payout: payout.id }) }
}
