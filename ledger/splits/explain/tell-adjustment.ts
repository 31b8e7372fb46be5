import { unreachable } from '../../../kernel/invariant.ts'
import type { AdjustmentExplanation } from '../explanation.ts'
import { type ExplainIn, exactMoney, money, percent } from './words.ts'

/** What a cap or limit did to a rule's total; without the exact sums, which are not for partners, it says the rest. */
export function tellAdjustment(adjustment: AdjustmentExplanation, { language, asset }: ExplainIn): string {
  const after = money(BigInt(adjustment.after), asset)
  const english = language === 'en'
  switch (adjustment.kind) {
    case 'RULE_CAP': {
      const cap = money(BigInt(adjustment.cap), asset)
      return english ? `The rule's cap of ${cap} was reached.` : `达到本规则封顶 ${cap}。`
    }
    case 'STACKED_LIMIT': {
      const limit = percent(adjustment.maxSharePpm)
      const part = adjustment.sums && exactMoney(adjustment.sums.before, asset)
      if (part === undefined) {
        return english
          ? `Stacked rules exceeded the limit of ${limit}: this rule's part became ${after}.`
          : `叠加规则超过上限 ${limit}：本规则的部分变为 ${after}。`
      }
      return english
        ? `Stacked rules exceeded the limit of ${limit}: this rule's part of ${part} became ${after}.`
        : `叠加规则超过上限 ${limit}：本规则的部分由 ${part} 变为 ${after}。`
    }
    case 'AGREEMENT_CAP': {
      const cap = money(BigInt(adjustment.cap), asset)
      return english
        ? `All rules together exceeded the agreement's cap of ${cap}: this rule's total became ${after}.`
        : `全部规则合计超过协议封顶 ${cap}：本规则合计变为 ${after}。`
    }
    default:
      return unreachable(adjustment)
  }
}
