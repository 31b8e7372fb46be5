import type { StatementRule } from '../settlement/statement.ts'

/** What a rule of a statement is part of. */
export const RULE_PARTS = ['EARNED', 'CORRECTION', 'ADJUSTMENT'] as const
export type RulePart = (typeof RULE_PARTS)[number]

type Given = Pick<StatementRule, 'kind' | 'originPeriod' | 'minor'>

/** Whether a rule is of the statement's own month, corrects an earlier one, or was given by hand. */
export function partOf({ kind, originPeriod }: Given): RulePart {
  if (originPeriod !== undefined) return 'CORRECTION'
  return kind === 'MANUAL_ADJUSTMENT' ? 'ADJUSTMENT' : 'EARNED'
}

/**
 * What a statement earned, by where it comes from, in minor units: together they are its `earned`. Months that were
 * corrected downwards are not in it, they are its clawbacks.
 */
export type EarnedParts = { readonly ofMonth: bigint; readonly adjusted: bigint; readonly corrected: bigint }

/** Takes what was earned apart. A corrected month counts as a whole, up or down. Source: ADR 0018. */
export function earnedParts(rules: readonly Given[]): EarnedParts {
  const sums: Record<RulePart, bigint> = { EARNED: 0n, ADJUSTMENT: 0n, CORRECTION: 0n }
  const months = Map.groupBy(rules, ({ originPeriod }) => originPeriod)
  for (const [month, ofMonth] of months) {
    const total = ofMonth.reduce((all, { minor }) => all + minor, 0n)
    if (month !== undefined && total > 0n) sums.CORRECTION += total
  }
  for (const rule of rules) {
    const part = partOf(rule)
    if (part !== 'CORRECTION') sums[part] += rule.minor
  }
  return { ofMonth: sums.EARNED, adjusted: sums.ADJUSTMENT, corrected: sums.CORRECTION }
}
