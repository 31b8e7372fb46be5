import { invariant } from '../../../kernel/invariant.ts'
import type { LineDetail, LineExplanation, RuleExplanation, TierPart } from '../explanation.ts'
import { tellConversion } from './tell-conversion.ts'
import { counted, type ExplainIn, money, percent, timeIn } from './words.ts'

type ToldRule = RuleExplanation['rule']
type DetailOf<K extends LineDetail['kind']> = Extract<LineDetail, { readonly kind: K }>

/** How a line's exact amount came about, as far as the calculation; its result comes after. */
export function tellDetail(line: LineExplanation, detail: LineDetail, rule: ToldRule, options: ExplainIn): string {
  const named = line.contribution?.externalId ?? ''
  switch (detail.kind) {
    case 'COURSE':
      return tellCourse(named, detail, rule, options)
    case 'ASSETS':
      return tellAssets(named, detail, options)
    case 'TRAFFIC':
      return tellTraffic(named, detail, rule, options)
    case 'SERVICE':
      return tellService(named, detail, rule, options)
    case 'CONVERSION':
      return tellConversion(line, detail, rule, options)
    case 'OVERRIDE':
      return tellOverride(detail, rule, options)
    case 'GUARANTEE':
      return tellGuarantee(detail, options)
    default:
      invariant(false, `a line of the kind ${detail.kind} has no sentence`)
  }
}

function tellCourse(named: string, detail: DetailOf<'COURSE'>, rule: ToldRule, options: ExplainIn): string {
  invariant(rule.kind === 'COURSE_COMPLETION', 'a course is what its rule looks at')
  const { course, units, done } = detail
  const [price, sum, before] = [detail.price, detail.cumulative, detail.givenBefore].map((minor) =>
    money(BigInt(minor), options.asset),
  )
  const rate = percent(rule.ratePpm)
  const at = timeIn(detail.enrolledAt, options)
  return options.language === 'en'
    ? `Contribution ${named}: ${done} of ${units} units of course ${course} are done, price ${price} as of the enrolment of ${at}. ` +
        `${price} × ${rate} × ${done}/${units}, from the rule's minimum on and rounded, is ${sum}; given before: ${before}. ${sum} − ${before}`
    : `贡献 ${named}：课程 ${course} 共 ${units} 单元，已完成 ${done}，价格以 ${at} 报名时的 ${price} 为准。` +
        `${price} × ${rate} × ${done}/${units}，达到最低进度后舍入为 ${sum}；此前已计 ${before}。${sum} − ${before}`
}

function tellAssets(named: string, detail: DetailOf<'ASSETS'>, options: ExplainIn): string {
  const { asset, language } = options
  const increment = money(BigInt(detail.increment), asset)
  const tiers = tiersOf(detail.tiers, options)
  const english = language === 'en'
  if (detail.flows) {
    const flows = money(BigInt(detail.flows.minor), asset)
    return english
      ? `Referral ${named}: ${counted(Number(detail.flows.facts), 'flow')} sum to ${flows}, increment ${increment}: ${tiers}`
      : `推荐 ${named}：资金流水 ${detail.flows.facts} 笔，合计 ${flows}，增量 ${increment}：${tiers}`
  }
  const end = detail.end && `${money(BigInt(detail.end.minor), asset)} (${timeIn(detail.end.at, options)})`
  const above = detail.above && `${money(BigInt(detail.above.minor), asset)} (${timeIn(detail.above.at, options)})`
  const mark = detail.above?.what === 'MARK'
  return english
    ? `Referral ${named}: assets of ${end} at the end, ${above === undefined ? 'none known before' : `${mark ? 'mark' : 'before'} ${above}`}, increment ${increment}: ${tiers}`
    : `推荐 ${named}：期末资产 ${end}，${above === undefined ? '此前无记录' : `${mark ? '高水位' : '期初'} ${above}`}，增量 ${increment}：${tiers}`
}

function tiersOf(tiers: readonly TierPart[], { asset }: ExplainIn): string {
  if (tiers.length === 0) return money(0n, asset)
  return tiers.map(({ amount, ppm }) => `${money(BigInt(amount), asset)} × ${percent(ppm)}`).join(' + ')
}

function tellTraffic(named: string, detail: DetailOf<'TRAFFIC'>, rule: ToldRule, options: ExplainIn): string {
  invariant(rule.kind === 'TRAFFIC_UNIT_FEE', 'traffic is what its rule looks at')
  const fee = money(BigInt(rule.feePerThousand), options.asset)
  return options.language === 'en'
    ? `Contribution ${named}: ${detail.units} of ${detail.unit} × ${fee} / 1000`
    : `贡献 ${named}：${detail.unit} ${detail.units} 次 × ${fee} / 1000`
}

function tellService(named: string, detail: DetailOf<'SERVICE'>, rule: ToldRule, options: ExplainIn): string {
  invariant(rule.kind === 'SERVICE_OUTCOME', 'a service is what its rule looks at')
  const fee = money(BigInt(detail.fee), options.asset)
  const [rate, tier] = [percent(rule.ratePpm), percent(detail.ppm)]
  return options.language === 'en'
    ? `Contribution ${named} scored ${detail.score}: ${fee} × ${rate} × ${tier}`
    : `贡献 ${named} 评分 ${detail.score}：${fee} × ${rate} × ${tier}`
}

function tellOverride({ child }: DetailOf<'OVERRIDE'>, rule: ToldRule, { language }: ExplainIn): string {
  invariant(rule.kind === 'OVERRIDE', 'an override is what its rule gives')
  const rate = percent(rule.ratePpm)
  return language === 'en' ? `Earnings of ${child} × ${rate}` : `成员 ${child} 的收益 × ${rate}`
}

function tellGuarantee(detail: DetailOf<'GUARANTEE'>, { asset, language }: ExplainIn): string {
  const [guaranteed, earned] = [detail.guaranteed, detail.earned].map((minor) => money(BigInt(minor), asset))
  return language === 'en' ? `Guaranteed ${guaranteed} − earned ${earned}` : `保底 ${guaranteed} − 已得 ${earned}`
}
