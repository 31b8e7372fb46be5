import type { PassedOver, Reason } from '../explanation.ts'
import type { ExplainIn } from './words.ts'

const REASONS: Readonly<Record<Reason, readonly [english: string, chinese: string]>> = {
  BASE: ['it looks at another base', '计酬基数不同'],
  FILTER: ['its filter does not let the fact pass', '不符合筛选条件'],
  WINDOW: ['the fact lies outside its window', '不在计酬窗口内'],
  UNIT: ['it counts another unit', '计量单位不同'],
  NO_DATA: ['there is nothing that it could look at', '没有可用数据'],
  NO_REFERRAL: ['no referral of the partner holds', '没有有效的推荐'],
  NO_TOUCH: ['nothing that the partner did before it counts', '此前没有该伙伴可计的触点'],
  EXCLUSIVE: ['an earlier rule had the fact for itself', '已由在先的排他规则计酬'],
}

/** Which other rules gave nothing for a line's fact, and why; nothing when there are none. */
export function tellPassedOver(rules: readonly PassedOver[], { language }: ExplainIn): string {
  return rules
    .map(({ place, why }) => {
      const no = Number(place) + 1
      const [english, chinese] = REASONS[why]
      return language === 'en' ? ` Rule ${no} gave nothing: ${english}.` : `规则 ${no} 未计酬：${chinese}。`
    })
    .join('')
}
