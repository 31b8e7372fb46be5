import type { Terms } from '../agreements/terms.ts'
import { type Tax, taxOn } from '../settlement/settle-agreement.ts'
import type { PayoutAmounts } from './payout.ts'

/** A statement, and what of it is in live payouts. Minor units of one asset. */
export type PartInput = {
  readonly statement: Omit<PayoutAmounts, 'transfer'>
  /** What is paid or may yet be. */
  readonly live: Omit<PayoutAmounts, 'transfer'>
  /** Disputed, before tax: not to be paid now. */
  readonly held: bigint
  readonly tax: Terms['tax']
}

/**
 * What of a statement can be paid now: all that is neither disputed nor in a live payout. A part's tax is that on all of
 * it that is paid, less what the other parts have; the last part brings it to the statement's own, so that parts come to
 * the same as one payment. So much is withheld of a part that something is left to transfer of the rest. Nothing where there
 * is nothing to transfer. Source: RULES §6, ADR 0023.
 */
export function partToPay({ statement, live, held, tax }: PartInput): PayoutAmounts | undefined {
  const gross = statement.gross - live.gross - held
  if (gross <= 0n) return undefined
  const reached = reachedTax(statement, live.gross + gross, tax)
  const vat = share(reached.vat, live.vat, statement.vat)
  const withholding = share(reached.withholding, live.withholding, statement.withholding)
  const transfer = gross + vat - withholding
  return transfer > 0n ? { gross, vat, withholding, transfer } : undefined
}

/** The tax of a statement once so much of it is paid. */
function reachedTax(statement: PartInput['statement'], paid: bigint, tax: Terms['tax']): Tax {
  if (paid === statement.gross) return statement
  const { vat, withholding } = taxOn(paid, tax)
  const restWithVat = statement.gross - paid + (statement.vat - vat)
  const least = statement.withholding - (restWithVat - 1n)
  return { vat, withholding: least > withholding ? least : withholding }
}

/** What is added to reach a tax: neither below nothing nor above the statement's, where parts that came back left a unit. */
function share(reached: bigint, live: bigint, most: bigint): bigint {
  const capped = reached > most ? most : reached
  return capped > live ? capped - live : 0n
}
