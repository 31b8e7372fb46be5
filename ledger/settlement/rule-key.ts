import type { Id } from '../../kernel/ids.ts'
import type { Month } from '../../kernel/month.ts'
import type { AnyRule } from '../splits/manual-adjustment.ts'
import type { PlacedRule } from '../splits/match-rules.ts'

/** Tells rules of a period's statements apart: whose, of which terms and place, and which locked month is corrected. */
export function ruleKey(agreement: Id<'agr'>, { terms, place }: PlacedRule<AnyRule>, month?: Month): string {
  return `${agreement}/${terms.version}/${place}/${month ?? ''}`
}
