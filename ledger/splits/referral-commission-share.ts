import { timesPpm } from '../../kernel/rational.ts'
import type { ReferralCommissionShare } from '../agreements/terms.ts'
import type { EventCase } from './fact-case.ts'
import { passesFilter } from './filter.ts'
import type { RuleCalculator } from './rule-calculator.ts'
import { isWithin, windowFrom } from './window.ts'

/**
 * `REFERRAL_COMMISSION_SHARE`: base · rate of each event of the referred customer in the window, which begins at the
 * referral. The campaign is the referral's; category, product and market are the event's. An event of another base is
 * no fact of this rule. Source: RULES §3.
 */
export const referralCommissionShare: RuleCalculator<ReferralCommissionShare, EventCase> = {
  looksAt: 'EVENT',
  match: (rule, { referral, event, judgedAt = event.occurredAt }, { timeZone }) => {
    if (referral === undefined) return 'NO_REFERRAL'
    if (event.base !== rule.base) return 'BASE'
    if (!passesFilter(rule.filter, { ...event, campaign: referral.campaign })) return 'FILTER'
    const window = windowFrom(referral.occurredAt, rule.window, timeZone)
    return isWithin(judgedAt, window) ? { window } : 'WINDOW'
  },
  earn: (rule, { event }) => timesPpm(event.minor, rule.ratePpm),
}
