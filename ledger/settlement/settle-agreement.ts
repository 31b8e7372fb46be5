import { invariant } from '../../kernel/invariant.ts'
import { PPM } from '../../kernel/rational.ts'
import type { Terms } from '../agreements/terms.ts'

/** What an agreement brings into a period, and what the period gives. All in minor units of one asset. */
export type SettlementInput = {
  /** What the statement before carried out; negative when the partner owes it. */
  readonly opening: bigint
  /** All that was held back and not released before this period. */
  readonly heldBefore: bigint
  readonly earned: bigint
  /** Not above zero. */
  readonly clawbacks: bigint
  /** Holdback of earlier periods that is due now. */
  readonly released: bigint
  /** Whether the agreement has ended by the period's end. */
  readonly ended?: boolean
  /** What of the balance is not paid yet, because refunds may take it back; nothing unless given. */
  readonly reserve?: bigint
}

/** The terms that settle a period: those in force in it. */
export type SettlementTerms = Pick<Terms, 'holdback' | 'minimumPayout' | 'tax'>

/** One period of one agreement, settled. */
export type Settlement = {
  readonly opening: bigint
  readonly earned: bigint
  readonly holdback: bigint
  readonly released: bigint
  readonly clawbacks: bigint
  readonly payout: bigint
  readonly vat: bigint
  readonly withholding: bigint
  /** What goes to the bank: payout + VAT − withholding. */
  readonly transfer: bigint
  /** Carried out; negative is a receivable. */
  readonly closing: bigint
  /** All that is held back after this period. */
  readonly held: bigint
}

/**
 * Settles one agreement and period: `balance = opening + earned − holdback + clawbacks + released`, paid when it reaches
 * the minimum payout; once the agreement has ended and nothing is held any more, whatever is above zero is. A reserve is carried
 * and not paid. Holdback is rounded down, VAT half up, withholding down; nothing paid, no tax.
 * Always: Σ earned + Σ clawbacks = Σ payouts + carried + held. Source: RULES §6, ADR 0047.
 */
export function settleAgreement(input: SettlementInput, terms: SettlementTerms): Settlement {
  const { opening, heldBefore, earned, clawbacks, released, reserve = 0n } = input
  invariant(clawbacks <= 0n, 'clawbacks are not above zero')
  invariant(reserve >= 0n, 'a reserve is not below zero')
  invariant(released >= 0n && released <= heldBefore, 'no more is released than is held')
  const holdback = holdbackOf(earned, terms.holdback)
  const balance = opening + earned - holdback + clawbacks + released
  const held = heldBefore + holdback - released
  const minimum = input.ended === true && held === 0n ? 0n : terms.minimumPayout
  const free = balance - reserve
  const payout = free > 0n && free >= minimum ? free : 0n
  const { vat, withholding } = taxOn(payout, terms.tax)
  return {
    opening,
    earned,
    holdback,
    released,
    clawbacks,
    payout,
    vat,
    withholding,
    transfer: payout + vat - withholding,
    closing: balance - payout,
    held,
  }
}

/** What is held for no period is not held at all. */
function holdbackOf(earned: bigint, { ppm, periods }: Terms['holdback']): bigint {
  return earned > 0n && periods > 0 ? (earned * ppm) / PPM : 0n
}

/** Tax on an amount of at least nothing: VAT half up, withholding down. Source: RULES §6. */
export function taxOn(amount: bigint, { vatPpm = 0n, withholdingPpm = 0n }: Terms['tax']): Tax {
  return { vat: halfUp(amount, vatPpm), withholding: (amount * withholdingPpm) / PPM }
}

/** Minor units. */
export type Tax = { readonly vat: bigint; readonly withholding: bigint }

function halfUp(amount: bigint, ppm: bigint): bigint {
  return (amount * ppm * 2n + PPM) / (2n * PPM)
}
