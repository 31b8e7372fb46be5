import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { BankDate } from './files/read-statement.ts'

/**
 * What does not fit. `AMOUNT_DIFFERS`: the payment is known, its amount is another one. `ACCOUNT_DIFFERS`: it went to, or
 * from, another account than was instructed. `AMBIGUOUS`: several payouts may be meant. `DUPLICATE`: the bank moved it
 * already. `NOT_IN_LEDGER`: nothing of ours is meant. `RETURN_UNMATCHED`: a return of nothing that we know.
 * `NOT_AT_BANK`: a payout was sent, and no entry came. `BALANCE_GAP`: a closing balance is not the one before and what was
 * booked since.
 */
export const BREAK_KINDS = [
  ...(['AMOUNT_DIFFERS', 'ACCOUNT_DIFFERS', 'AMBIGUOUS', 'DUPLICATE'] as const),
  ...(['NOT_IN_LEDGER', 'RETURN_UNMATCHED', 'NOT_AT_BANK', 'BALANCE_GAP'] as const),
] as const
export type BreakKind = (typeof BREAK_KINDS)[number]

/** What one person may propose for a break, and another one approves. */
export const PROPOSALS = ['BOOKED', 'WRITTEN_OFF', 'SET_ASIDE'] as const
export type ProposalKind = (typeof PROPOSALS)[number]

/** By what a break ended: a match, a decision, or because what did not fit does now. */
export const RESOLUTIONS = ['MATCHED', 'BY_HAND', 'LINKED', ...PROPOSALS, 'GONE'] as const
export type Resolution = (typeof RESOLUTIONS)[number]

export const BREAK_STATUSES = ['OPEN', 'RESOLVED'] as const
export type BreakStatus = (typeof BREAK_STATUSES)[number]

export type Proposal = {
  readonly kind: ProposalKind
  /** Of the journal, against which it is booked; for `BOOKED` alone. */
  readonly account?: string | undefined
  readonly reason: string
  readonly by: Actor
  readonly at: Date
}

/** What a break is about: an entry, a payout that no entry came for, or a gap at a closing balance. */
export type BreakSubject = {
  readonly kind: BreakKind
  readonly ownAccount: Id<'obk'>
  readonly asset: Asset
  readonly entry?: Id<'bke'> | undefined
  /** The payout that is meant, as far as one is. */
  readonly payout?: Id<'pyt'> | undefined
  readonly gapOn?: BankDate | undefined
  /** What is not accounted for, in minor units; positive is money at the bank. */
  readonly minor: bigint
  /** A sentence. */
  readonly about: string
}

export type BankBreak = BreakSubject & {
  readonly id: Id<'brk'>
  /** Counts the records about it, from 0. */
  readonly step: number
  readonly owner?: Actor | undefined
  readonly status: BreakStatus
  readonly openedAt: Date
  readonly proposal?: Proposal | undefined
  readonly resolution?: Resolution | undefined
  readonly resolvedBy?: Actor | undefined
  readonly resolvedAt?: Date | undefined
}

const DAY_MS = 86_400_000

/** Whole days for which a break is open, or was. */
export function ageInDays({ openedAt, resolvedAt }: BankBreak, now: Date): number {
  return Math.max(0, Math.floor(((resolvedAt ?? now).getTime() - openedAt.getTime()) / DAY_MS))
}
