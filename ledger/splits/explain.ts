import { DateTime } from 'luxon'
import { invariant, unreachable } from '../../kernel/invariant.ts'
import { type Asset, codeOf, decimalsOf, formatDecimal } from '../../kernel/money.ts'
import type { RuleWindow } from '../agreements/terms.ts'
import type { AdjustmentExplanation, ExactText, LineExplanation, RuleExplanation } from './explanation.ts'

/** Languages in which an explanation is told. */
export type Language = 'en' | 'zh-CN'

/** What amounts and times are shown in: the statement's asset, the programme's time zone. */
export type ExplainIn = { readonly asset: Asset; readonly timeZone: string; readonly language: Language }

/** One or two sentences that say why a line earned what it earned, out of its explanation's data alone. */
export function tellLine(
  { minor, explanation }: { readonly minor: bigint; readonly explanation: LineExplanation },
  { rule, terms }: RuleExplanation,
  options: ExplainIn,
): string {
  const { contribution, event, window, exact } = explanation
  const { language, asset } = options
  invariant(rule.kind === 'REFERRAL_COMMISSION_SHARE' && contribution && event && window, 'a line has its facts')
  const base = money(BigInt(event.minor), asset)
  const rate = percent(rule.ratePpm)
  const [at, from, to] = [event.at, window.from, window.to].map((time) => timeIn(time, options))
  const earned = money(minor, asset)
  switch (language) {
    case 'en':
      return (
        `Contribution ${contribution.externalId} opened a window from ${from} until before ${to}. ` +
        `Event ${event.source}/${event.externalId} of ${at} lies in it: ${base} × ${rate} = ${exactMoney(exact, asset)} exactly; ` +
        `after rounding the rule's total once, this line is ${earned} (terms version ${terms.version}, rule ${rule.place + 1}).`
      )
    case 'zh-CN':
      return (
        `贡献 ${contribution.externalId} 的计酬窗口自 ${from} 起，至 ${to} 之前止。` +
        `事件 ${event.source}/${event.externalId} 发生于 ${at}，在窗口之内：${base} × ${rate}，精确值为 ${exactMoney(exact, asset)}；` +
        `规则合计一次舍入并分摊后，本行为 ${earned}（条款第 ${terms.version} 版，规则 ${rule.place + 1}）。`
      )
  }
}

/**
 * Sentences that say how a rule came to its total: what it pays for, the exact sum, limits, the one rounding. Without the
 * exact sums (as a partner has the explanation) they say the rest.
 */
export function tellRule(explanation: RuleExplanation, options: ExplainIn): string {
  const { rule, terms, lines, exact, adjustments, total, forgone } = explanation
  const { asset } = options
  invariant(rule.kind === 'REFERRAL_COMMISSION_SHARE', 'a rule is told by its kind')
  const facts: RuleFacts = {
    place: rule.place + 1,
    version: terms.version,
    rate: percent(rule.ratePpm),
    window: rule.window,
    base: rule.base,
    lines,
    sum: exact && exactMoney(exact, asset),
    steps: adjustments.map((adjustment) => tellAdjustment(adjustment, options)),
    total: money(BigInt(total), asset),
    forgone: forgone === '0' ? undefined : money(BigInt(forgone), asset),
  }
  return options.language === 'en' ? tellRuleInEnglish(facts) : tellRuleInChinese(facts)
}

type RuleFacts = {
  readonly place: number
  readonly version: number
  readonly rate: string
  readonly window: RuleWindow
  readonly base: string
  readonly lines: number
  readonly sum: string | undefined
  readonly steps: readonly string[]
  readonly total: string
  readonly forgone: string | undefined
}

function tellRuleInEnglish({
  place,
  version,
  rate,
  window,
  base,
  lines,
  sum,
  steps,
  total,
  forgone,
}: RuleFacts): string {
  const span = 'days' in window ? counted(window.days, 'day') : counted(window.months, 'calendar month')
  return [
    `Rule ${place} of terms version ${version} gives ${rate} of ${base.toLowerCase()} within ${span} of the referral.`,
    sum === undefined ? `It has ${counted(lines, 'line')}.` : `${counted(lines, 'line')}, exactly ${sum} together.`,
    ...steps,
    `Rounded once, half to even: ${total}.`,
    ...(forgone === undefined ? [] : [`Forgone: ${forgone}.`]),
  ].join(' ')
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function tellRuleInChinese({
  place,
  version,
  rate,
  window,
  base,
  lines,
  sum,
  steps,
  total,
  forgone,
}: RuleFacts): string {
  const span = 'days' in window ? `${window.days} 天` : `${window.months} 个自然月`
  return [
    `条款第 ${version} 版规则 ${place}：推荐后 ${span}内，按${CHINESE_BASES[base] ?? base}的 ${rate} 计酬。`,
    sum === undefined ? `共 ${lines} 行。` : `共 ${lines} 行，精确合计 ${sum}。`,
    ...steps,
    `一次舍入（四舍六入五成双）后为 ${total}。`,
    ...(forgone === undefined ? [] : [`未计付 ${forgone}。`]),
  ].join('')
}

const CHINESE_BASES: Readonly<Record<string, string>> = {
  COMMISSION: '佣金',
  VOLUME: '交易量',
  ASSETS: '资产',
  FEE: '费用',
}

function tellAdjustment(adjustment: AdjustmentExplanation, { language, asset }: ExplainIn): string {
  const after = money(BigInt(adjustment.after), asset)
  const english = language === 'en'
  switch (adjustment.kind) {
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

function timeIn(time: string, { timeZone }: ExplainIn): string {
  return DateTime.fromISO(time, { zone: timeZone }).toFormat("yyyy-MM-dd HH:mm:ss.SSS 'UTC'ZZ")
}

function money(minor: bigint, asset: Asset): string {
  return `${formatDecimal({ asset, minor })} ${codeOf(asset)}`
}

/** 200000 ppm as `20 %`. */
function percent(ppm: string): string {
  return `${decimalText(BigInt(ppm), 4)} %`
}

/** An exact amount as a decimal where it has one with at most 18 decimals, else as a fraction of minor units. */
function exactMoney({ numerator, denominator }: ExactText, asset: Asset): string {
  const divisor = BigInt(denominator)
  for (let decimals = 0; decimals <= 18; decimals++) {
    const scaled = BigInt(numerator) * 10n ** BigInt(decimals)
    if (scaled % divisor === 0n) {
      return `${decimalText(scaled / divisor, decimals + decimalsOf(asset))} ${codeOf(asset)}`
    }
  }
  return `${numerator}/${denominator} × ${decimalText(1n, decimalsOf(asset))} ${codeOf(asset)}`
}

/** An integer over a power of ten, without trailing zeros beyond the point. */
function decimalText(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`
}
