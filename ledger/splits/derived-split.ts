import type { LineExplanation } from './explanation.ts'
import type { RuleSplit } from './split-agreement.ts'

/** What a rule gives that looks at what others earn. Its lines have no contribution behind them. Σ amounts = total. */
export type DerivedSplit = RuleSplit & {
  /** One for each amount. */
  readonly explanations: readonly LineExplanation[]
}
