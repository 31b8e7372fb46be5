import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { Month } from '../../kernel/month.ts'
import type { PayoutAmounts } from './payout.ts'

/** Why a statement is not paid by bank now. */
export const PAYOUT_HINDRANCES = [
  /** It is in a round that partners claim on a chain. */
  'ON_CHAIN',
  /** All that is left of it is disputed. */
  'DISPUTED',
  'PARTNER_NOT_PAID',
  /** Its days to dispute are not over: unanswered, it counts as accepted then. */
  'MAY_BE_DISPUTED',
  'NO_INVOICE',
  'NO_ACCOUNT',
  /** Its partner's account was changed lately. */
  'ACCOUNT_CHANGED',
  /** Tax takes all that is left. */
  'NOTHING_LEFT',
] as const
export type PayoutHindrance = (typeof PAYOUT_HINDRANCES)[number]

/** A statement of which something is left to pay. Amounts are minor units. */
export type Payable = {
  readonly statement: Id<'sta'>
  readonly number: string
  readonly month: Month
  readonly asset: Asset
  readonly partner: Id<'ptr'>
  readonly partnerCode: string
  /** Before tax, what is in no live payout. */
  readonly left: bigint
  /** Of it, what is disputed. */
  readonly held: bigint
  /** What can be paid now, if nothing hinders. */
  readonly amounts: PayoutAmounts | undefined
  /** The number that the next attempt to pay it has. */
  readonly attempt: number
  readonly account: Id<'bka'> | undefined
  readonly hindrance: PayoutHindrance | undefined
  /** From when on it does not hinder, where that is known. */
  readonly until: Date | undefined
}
