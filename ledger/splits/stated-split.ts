import type { Month } from '../../kernel/month.ts'
import type { LineExplanation } from './explanation.ts'
import type { AnyRule } from './manual-adjustment.ts'
import type { PlacedRule } from './match-rules.ts'
import type { RuleSplit } from './split-agreement.ts'

/** What a rule gave a locked month when that was settled and corrected so far, and what it gives by what is known now. */
export type Correction = { readonly month: Month; readonly settled: bigint; readonly now: bigint }

/** What stands in a statement as a rule. Σ amounts = total. */
export type StatedSplit = Omit<RuleSplit, 'placed' | 'limited'> & {
  readonly placed: PlacedRule<AnyRule>
  /** Where no facts are behind the lines: one for each amount. */
  readonly explanations?: readonly LineExplanation[]
  /**
   * Of a rule of a locked month: total and forgone are differences, there is an amount for each line that changed, and exact
   * sum and adjustments are those of the month as it is now.
   */
  readonly correction?: Correction
}
