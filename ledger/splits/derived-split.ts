import type { LineExplanation } from './explanation.ts'
import type { PlacedRule } from './match-rules.ts'

/** What a rule gives that looks at what others earn. Its lines have no contribution behind them. Σ amounts = total. */
export type DerivedSplit = {
  readonly placed: PlacedRule
  readonly total: bigint
  readonly amounts: readonly bigint[]
  /** One for each amount. */
  readonly explanations: readonly LineExplanation[]
}
