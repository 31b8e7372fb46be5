import { invariant } from '../../../kernel/invariant.ts'
import type { LineExplanation, RuleExplanation } from '../explanation.ts'
import { tellGone, tellLineDifference } from './tell-correction.ts'
import { tellDetail } from './tell-detail.ts'
import { tellManual } from './tell-manual.ts'
import { tellPassedOver } from './tell-passed-over.ts'
import { type ExplainIn, exactMoney, money, percent, timeIn } from './words.ts'

/** One or a few sentences that say why a line earned what it earned, out of its explanation's data alone. */
export function tellLine(
  { minor, explanation }: { readonly minor: bigint; readonly explanation: LineExplanation },
  ruleExplained: RuleExplanation,
  options: ExplainIn,
): string {
  const { rule, terms } = ruleExplained
  const { correction } = explanation
  if (rule.kind === 'MANUAL_ADJUSTMENT') return tellManual(rule, ruleExplained, options)
  const ended = correction === undefined ? '' : tellLineDifference(correction, options)
  if (correction?.why === 'GONE') return `${tellGone(explanation, options)}${ended}`
  const { asset, language } = options
  const facts =
    explanation.detail === undefined
      ? tellEvent(explanation, ruleExplained, options)
      : tellDetail(explanation, explanation.detail, rule, options)
  const exact = exactMoney(explanation.exact, asset)
  const earned = money(correction === undefined ? minor : BigInt(correction.now), asset)
  const others = tellPassedOver(explanation.passedOver ?? [], options)
  if (language === 'en') {
    const where = `terms version ${terms.version}, rule ${rule.place + 1}`
    return `${facts} = ${exact} exactly; after rounding the rule's total once, this line is ${earned} (${where}).${others}${ended}`
  }
  const where = `条款第 ${terms.version} 版，规则 ${rule.place + 1}`
  return `${facts}，精确值为 ${exact}；规则合计一次舍入并分摊后，本行为 ${earned}（${where}）。${others}${ended}`
}

/** A share of an event of a referred customer. */
function tellEvent(
  { contribution, event, window }: LineExplanation,
  { rule }: RuleExplanation,
  options: ExplainIn,
): string {
  invariant(rule.kind === 'REFERRAL_COMMISSION_SHARE' && contribution && event && window, 'a line has its facts')
  const base = money(BigInt(event.minor), options.asset)
  const rate = percent(rule.ratePpm)
  const [at, from, to] = [event.at, window.from, window.to].map((time) => timeIn(time, options))
  const refunded = event.refunds && timeIn(event.refunds, options)
  return options.language === 'en'
    ? `Contribution ${contribution.externalId} opened a window from ${from} until before ${to}. ` +
        `Event ${event.source}/${event.externalId} of ${at} ${refunded ? `takes back what happened at ${refunded} and ` : ''}lies in it: ${base} × ${rate}`
    : `贡献 ${contribution.externalId} 的计酬窗口自 ${from} 起，至 ${to} 之前止。` +
        `事件 ${event.source}/${event.externalId} 发生于 ${at}，${refunded ? `冲回 ${refunded} 的事件，` : ''}在窗口之内：${base} × ${rate}`
}
