/** What a disputed part of a statement gave, in minor units. */
type Part = { readonly minor: bigint }

/** A dispute as far as money goes. Amounts are minor units of the statement's asset. */
export type InDoubt = {
  /** The statement's payout, before tax; not below zero. */
  readonly payout: bigint
  /** How much is in doubt, where that was said; not below zero. */
  readonly amount: bigint | undefined
  readonly rules: readonly Part[]
  /** Those that are not of the rules. */
  readonly lines: readonly Part[]
}

/**
 * What of a payout is held while a dispute is open: the amount that was named; else what the disputed rules and lines gave
 * above zero; else, where the whole statement is disputed, all of it. Never more than the payout. Source: RULES §6, ADR 0021.
 */
export function heldOf({ payout, amount, rules, lines }: InDoubt): bigint {
  const parts = [...rules, ...lines]
  const given = parts.reduce((all, { minor }) => (minor > 0n ? all + minor : all), 0n)
  const inDoubt = amount ?? (parts.length === 0 ? payout : given)
  return inDoubt < payout ? inDoubt : payout
}
