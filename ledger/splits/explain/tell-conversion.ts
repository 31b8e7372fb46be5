import { invariant } from '../../../kernel/invariant.ts'
import type { LineDetail, LineExplanation, RuleExplanation } from '../explanation.ts'
import { modelIn } from './models.ts'
import { counted, type ExplainIn, fraction, money, percent } from './words.ts'

type Conversion = Extract<LineDetail, { readonly kind: 'CONVERSION' }>

/** How a conversion's line came about, as far as the calculation; its result comes after. */
export function tellConversion(
  { event }: LineExplanation,
  detail: Conversion,
  rule: RuleExplanation['rule'],
  options: ExplainIn,
): string {
  invariant(
    rule.kind === 'POOL_SPLIT' || rule.kind === 'DATA_CONVERSION',
    'a conversion is what a pool’s rule looks at',
  )
  const { asset, language } = options
  const { ppm, touchCount, members, share, conversionPpm } = detail
  const own = detail.touches.map(({ externalId, ageDays }) => `${externalId} (${days(ageDays, options)})`)
  const model = modelIn(rule.attribution, options)
  const part = fraction(share)
  const value = event && money(BigInt(event.minor), asset)
  const house = rule.kind === 'POOL_SPLIT' ? ` × (1 − ${percent(rule.housePpm)})` : ''
  const named = event?.externalId ?? ''
  if (language === 'en') {
    const of = detail.of === 'PERIOD' ? 'The value of all conversions of the period' : `${value}`
    const rate = conversionPpm === undefined ? '' : ` (conversion rate ${percent(conversionPpm)})`
    return `Conversion ${named} came after ${counted(Number(touchCount), 'touch', 'touches')} by ${counted(Number(members), 'member')}, of the partner ${own.join(', ')}; by ${model} its part is ${part}. ${of} × ${percent(ppm)}${rate} × ${part}${house}`
  }
  const of = detail.of === 'PERIOD' ? '本期全部转化金额' : `${value}`
  const rate = conversionPpm === undefined ? '' : `（转化率 ${percent(conversionPpm)}）`
  return `转化 ${named} 此前共有 ${members} 个成员的 ${touchCount} 个触点，其中该伙伴：${own.join('、')}；按${model}归因，所占份额为 ${part}。${of} × ${percent(ppm)}${rate} × ${part}${house}`
}

function days(age: string, { language }: ExplainIn): string {
  return language === 'en' ? `${counted(Number(age), 'day')} before` : `${age} 天前`
}
