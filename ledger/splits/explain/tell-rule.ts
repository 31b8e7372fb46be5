import type { RuleExplanation } from '../explanation.ts'
import { ruleOffer } from './rule-offer.ts'
import { tellAdjustment } from './tell-adjustment.ts'
import { correctionOf, tellDifference } from './tell-correction.ts'
import { tellManual } from './tell-manual.ts'
import { counted, type ExplainIn, exactMoney, money } from './words.ts'

/**
 * Sentences that say how a rule came to its total: what it pays for, the exact sum, limits, the one rounding. Without the
 * exact sums (as a partner has the explanation) they say the rest. Of a locked month they tell what it comes to now, what
 * was settled of it so far, and the difference.
 */
export function tellRule(explanation: RuleExplanation, options: ExplainIn): string {
  const { rule, terms, adjustments, total, forgone, correction } = explanation
  if (rule.kind === 'MANUAL_ADJUSTMENT') return tellManual(rule, explanation, options)
  const { asset, language } = options
  const place = rule.place + 1
  const offer = ruleOffer(rule, options)
  const steps = adjustments.map((adjustment) => tellAdjustment(adjustment, options))
  const rounded = money(BigInt(correction?.now ?? total), asset)
  const lost = forgone === '0' ? undefined : money(BigInt(forgone), asset)
  const begun = correction === undefined ? '' : correctionOf(correction, options)
  const ended = correction === undefined ? [] : [tellDifference(correction, explanation, options)]
  if (language === 'en') {
    return [
      `${begun}${begun === '' ? 'Rule' : 'rule'} ${place} of terms version ${terms.version} ${offer}.`,
      ...linesInEnglish(explanation, options),
      ...steps,
      `Rounded once, half to even: ${rounded}.`,
      ...ended,
      ...(lost === undefined ? [] : [`Forgone: ${lost}.`]),
    ].join(' ')
  }
  return [
    `${begun}条款第 ${terms.version} 版规则 ${place}：${offer}。`,
    ...linesInChinese(explanation, options),
    ...steps,
    `一次舍入（四舍六入五成双）后为 ${rounded}。`,
    ...ended,
    ...(lost === undefined ? [] : [`未计付 ${lost}。`]),
  ].join('')
}

/** How many lines there are, and their exact sum; of a locked month the sum alone, its lines are those that changed. */
function linesInEnglish({ lines, exact, correction }: RuleExplanation, { asset }: ExplainIn): readonly string[] {
  const sum = exact && exactMoney(exact, asset)
  if (correction !== undefined) return sum === undefined ? [] : [`Exactly ${sum} together.`]
  return [
    sum === undefined ? `It has ${counted(lines, 'line')}.` : `${counted(lines, 'line')}, exactly ${sum} together.`,
  ]
}

function linesInChinese({ lines, exact, correction }: RuleExplanation, { asset }: ExplainIn): readonly string[] {
  const sum = exact && exactMoney(exact, asset)
  if (correction !== undefined) return sum === undefined ? [] : [`精确合计 ${sum}。`]
  return [sum === undefined ? `共 ${lines} 行。` : `共 ${lines} 行，精确合计 ${sum}。`]
}
