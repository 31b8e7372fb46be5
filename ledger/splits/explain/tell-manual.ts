import type { RuleExplanation } from '../explanation.ts'
import { type ExplainIn, money } from './words.ts'

/** What was given by hand, or taken, and why. */
export function tellManual(
  { reason }: { readonly reason: string },
  { total }: Pick<RuleExplanation, 'total'>,
  { language, asset }: ExplainIn,
): string {
  const amount = money(BigInt(total), asset)
  return language === 'en' ? `Manual adjustment of ${amount}: ${reason}` : `人工调整 ${amount}：${reason}`
}
