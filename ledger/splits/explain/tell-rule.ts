import type { RuleExplanation } from '../explanation.ts'
import { ruleOffer } from './rule-offer.ts'
import { tellAdjustment } from './tell-adjustment.ts'
import { counted, type ExplainIn, exactMoney, money } from './words.ts'

/**
 * Sentences that say how a rule came to its total: what it pays for, the exact sum, limits, the one rounding. Without the
 * exact sums (as a partner has the explanation) they say the rest.
 */
export function tellRule(explanation: RuleExplanation, options: ExplainIn): string {
  const { rule, terms, lines, exact, adjustments, total, forgone } = explanation
  const { asset, language } = options
  const place = rule.place + 1
  const offer = ruleOffer(rule, options)
  const sum = exact && exactMoney(exact, asset)
  const steps = adjustments.map((adjustment) => tellAdjustment(adjustment, options))
  const rounded = money(BigInt(total), asset)
  const lost = forgone === '0' ? undefined : money(BigInt(forgone), asset)
  if (language === 'en') {
    return [
      `Rule ${place} of terms version ${terms.version} ${offer}.`,
      sum === undefined ? `It has ${counted(lines, 'line')}.` : `${counted(lines, 'line')}, exactly ${sum} together.`,
      ...steps,
      `Rounded once, half to even: ${rounded}.`,
      ...(lost === undefined ? [] : [`Forgone: ${lost}.`]),
    ].join(' ')
  }
  return [
    `条款第 ${terms.version} 版规则 ${place}：${offer}。`,
    sum === undefined ? `共 ${lines} 行。` : `共 ${lines} 行，精确合计 ${sum}。`,
    ...steps,
    `一次舍入（四舍六入五成双）后为 ${rounded}。`,
    ...(lost === undefined ? [] : [`未计付 ${lost}。`]),
  ].join('')
}
