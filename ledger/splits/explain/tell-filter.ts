import type { RuleFilter } from '../../agreements/terms.ts'
import type { ExplainIn } from './words.ts'

const NAMES: Readonly<Record<keyof RuleFilter, readonly [english: string, chinese: string]>> = {
  category: ['category', '类别'],
  product: ['product', '产品'],
  market: ['market', '市场'],
  campaign: ['campaign', '活动'],
}

/** Which facts a filter lets pass, such as `market: CN, HK`; empty when it lets all. */
export function tellFilter(filter: RuleFilter, { language }: ExplainIn): string {
  const products = filter.product?.map(({ source, externalId }) => `${source}/${externalId}`)
  const parts: readonly (readonly [keyof RuleFilter, readonly string[] | undefined])[] = [
    ['category', filter.category],
    ['product', products],
    ['market', filter.market],
    ['campaign', filter.campaign],
  ]
  return parts
    .flatMap(([name, passing = []]) => {
      if (passing.length === 0) return []
      const [english, chinese] = NAMES[name]
      return [language === 'en' ? `${english}: ${passing.join(', ')}` : `${chinese}：${passing.join('、')}`]
    })
    .join('; ')
}
