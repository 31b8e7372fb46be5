import type { LineCorrection, LineExplanation, RuleExplanation } from '../explanation.ts'
import { counted, type ExplainIn, money } from './words.ts'

type RuleCorrection = NonNullable<RuleExplanation['correction']>

/** What begins the sentences of a rule of a locked month. */
export function correctionOf({ month }: RuleCorrection, { language }: ExplainIn): string {
  return language === 'en' ? `Correction of ${month}: ` : `更正 ${month}：`
}

/** What ends them: what was settled so far, and the difference. */
export function tellDifference(
  { settled }: RuleCorrection,
  { total, lines }: Pick<RuleExplanation, 'total' | 'lines'>,
  { language, asset }: ExplainIn,
): string {
  const [before, difference] = [settled, total].map((minor) => money(BigInt(minor), asset))
  return language === 'en'
    ? `Settled so far: ${before}; difference: ${difference}, in ${counted(lines, 'line')}.`
    : `此前已结算 ${before}，差额 ${difference}，涉及 ${lines} 行。`
}

/** What ends the sentences of a line of a locked month. */
export function tellLineDifference({ why, settled, now }: LineCorrection, { language, asset }: ExplainIn): string {
  const before = money(BigInt(settled), asset)
  const difference = money(BigInt(now) - BigInt(settled), asset)
  if (language === 'en') {
    const shared = why === 'APPORTIONED' ? ' Its exact amount is what it was: the total is shared anew.' : ''
    return ` Settled so far: ${before}; difference: ${difference}.${shared}`
  }
  return `此前已结算 ${before}，差额 ${difference}。${why === 'APPORTIONED' ? '精确值未变，仅因合计重新分摊而变动。' : ''}`
}

/** A line that was settled and is none any more. */
export function tellGone({ contribution, event }: LineExplanation, { language }: ExplainIn): string {
  const named = event === undefined ? contribution?.externalId : `${event.source}/${event.externalId}`
  if (language === 'en') return `${named === undefined ? 'The line' : `The line of ${named}`} earns nothing any more.`
  return `${named ?? '本行'} 不再计酬。`
}
