import { unreachable } from '../../../kernel/invariant.ts'
import type { RuleWindow } from '../../agreements/terms.ts'
import type { RuleExplanation } from '../explanation.ts'
import { BENEFICIARIES } from './beneficiaries.ts'
import { CHINESE_BASES } from './chinese-bases.ts'
import { modelIn } from './models.ts'
import { counted, type ExplainIn, money, percent } from './words.ts'

type ToldRule = Exclude<RuleExplanation['rule'], { readonly kind: 'MANUAL_ADJUSTMENT' }>

/** What a rule pays for, as the end of a sentence that begins with the rule. */
export function ruleOffer(rule: ToldRule, options: ExplainIn): string {
  return options.language === 'en' ? offerInEnglish(rule, options) : offerInChinese(rule, options)
}

function offerInEnglish(rule: ToldRule, options: ExplainIn): string {
  const { asset } = options
  switch (rule.kind) {
    case 'REFERRAL_COMMISSION_SHARE':
      return `gives ${percent(rule.ratePpm)} of ${rule.base.toLowerCase()} within ${spanOf(rule.window)} of the referral`
    case 'COURSE_COMPLETION':
      return `gives ${percent(rule.ratePpm)} of a course's price as the customer completes it${minimum(rule.minimumCompletionPpm)}`
    case 'AUM_INCREMENT_TIERS': {
      const what = rule.basis === 'NET_FLOWS' ? 'net inflow' : rule.highWaterMark ? 'rise above the mark' : 'rise'
      return `gives a share of each referred customer's ${what} in assets, by ${rule.mode.toLowerCase()} tiers (${tiersOf(rule, asset, 'above')})`
    }
    case 'TRAFFIC_UNIT_FEE':
      return `gives ${money(BigInt(rule.feePerThousand), asset)} for each thousand of ${rule.unit}`
    case 'SERVICE_OUTCOME':
      return `gives ${percent(rule.ratePpm)} of a service's fee, times the rate of its score`
    case 'OVERRIDE':
      return `gives ${percent(rule.ratePpm)} of what the members below earn, before rounding`
    case 'MINIMUM_GUARANTEE':
      return `fills earnings up to ${money(BigInt(rule.amountPerPeriod), asset)}`
    case 'DATA_CONVERSION':
      return `gives those who supplied data ${percent(rule.ratePpm)} of the ${rule.base.toLowerCase()} that came after it, by ${modelIn(rule.attribution, options)}`
    case 'POOL_SPLIT':
      return `shares ${percent(rule.poolPpm)} of the ${rule.base.toLowerCase()} that came after touches, less ${percent(rule.housePpm)} for the house, by ${modelIn(rule.attribution, options)}`
    case 'REFERRAL_POINTS': {
      const bonus = rule.bonus.map(({ fromNth, points }) => `, from no. ${fromNth} on ${points}`).join('')
      const worth = money(BigInt(rule.valuePerHundredPoints), asset)
      return `gives ${BENEFICIARIES[rule.beneficiary][0]} ${rule.pointsPerReferral} points for each referral${bonus}; a hundred are worth ${worth} and last ${counted(rule.expiresAfterDays, 'day')}`
    }
    default:
      return unreachable(rule)
  }
}

function offerInChinese(rule: ToldRule, options: ExplainIn): string {
  const { asset } = options
  switch (rule.kind) {
    case 'REFERRAL_COMMISSION_SHARE': {
      const span = 'days' in rule.window ? `${rule.window.days} 天` : `${rule.window.months} 个自然月`
      return `推荐后 ${span}内，按${CHINESE_BASES[rule.base] ?? rule.base}的 ${percent(rule.ratePpm)} 计酬`
    }
    case 'COURSE_COMPLETION': {
      const floor = rule.minimumCompletionPpm
      const least = floor === undefined ? '' : `，完成不足 ${percent(floor)} 不计`
      return `按课程价格的 ${percent(rule.ratePpm)} 随完成进度计酬${least}`
    }
    case 'AUM_INCREMENT_TIERS': {
      const what = rule.basis === 'NET_FLOWS' ? '净流入' : rule.highWaterMark ? '超过高水位的资产增量' : '资产增量'
      const mode = rule.mode === 'GRADUATED' ? '分段累进' : '按总量定档'
      return `按每位被推荐客户的${what}${mode}计酬（${tiersOf(rule, asset, '以上')}）`
    }
    case 'TRAFFIC_UNIT_FEE':
      return `每千次 ${rule.unit} 计 ${money(BigInt(rule.feePerThousand), asset)}`
    case 'SERVICE_OUTCOME':
      return `按服务费的 ${percent(rule.ratePpm)} 乘以评分档位费率计酬`
    case 'OVERRIDE':
      return `按下级成员舍入前收益的 ${percent(rule.ratePpm)} 计酬`
    case 'MINIMUM_GUARANTEE':
      return `收益不足 ${money(BigInt(rule.amountPerPeriod), asset)} 时补足`
    case 'DATA_CONVERSION':
      return `对数据带来的${CHINESE_BASES[rule.base] ?? rule.base}按 ${percent(rule.ratePpm)} 计酬，${modelIn(rule.attribution, options)}归因`
    case 'POOL_SPLIT':
      return `触达后${CHINESE_BASES[rule.base] ?? rule.base}的 ${percent(rule.poolPpm)} 入池，平台先取 ${percent(rule.housePpm)}，其余按${modelIn(rule.attribution, options)}归因分配`
    case 'REFERRAL_POINTS': {
      const bonus = rule.bonus.map(({ fromNth, points }) => `，第 ${fromNth} 次起 ${points} 分`).join('')
      const worth = money(BigInt(rule.valuePerHundredPoints), asset)
      return `每次推荐给予${BENEFICIARIES[rule.beneficiary][1]} ${rule.pointsPerReferral} 积分${bonus}；每百积分值 ${worth}，有效期 ${rule.expiresAfterDays} 天`
    }
    default:
      return unreachable(rule)
  }
}

function spanOf(window: RuleWindow): string {
  return 'days' in window ? counted(window.days, 'day') : counted(window.months, 'calendar month')
}

function minimum(ppm: string | undefined): string {
  return ppm === undefined ? '' : `, from ${percent(ppm)} on`
}

function tiersOf(
  { tiers }: Extract<ToldRule, { readonly kind: 'AUM_INCREMENT_TIERS' }>,
  asset: ExplainIn['asset'],
  above: string,
): string {
  return tiers
    .map(({ upTo, ppm }) => `${upTo === undefined ? above : `≤ ${money(BigInt(upTo), asset)}`}: ${percent(ppm)}`)
    .join('; ')
}
