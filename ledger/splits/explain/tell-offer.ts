import type { Rule } from '../../agreements/terms.ts'
import { told } from '../told.ts'
import { ruleOffer } from './rule-offer.ts'
import type { ExplainIn } from './words.ts'

/** What a rule of terms pays for, as the end of a sentence that begins with the rule. */
export function tellOffer(rule: Rule, place: number, options: ExplainIn): string {
  return ruleOffer({ ...told(rule), place }, options)
}
