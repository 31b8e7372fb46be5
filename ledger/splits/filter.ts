import type { ProductRef, RuleFilter } from '../agreements/terms.ts'

/** What a filter looks at in a fact; what is unknown passes no list. */
export type FilteredFacts = {
  readonly category: string | undefined
  readonly product: ProductRef | undefined
  readonly market: string | undefined
  readonly campaign: string | undefined
}

/** Whether a fact passes every list of a filter; an absent or empty list lets all pass. Source: RULES §2. */
export function passesFilter(filter: RuleFilter, facts: FilteredFacts): boolean {
  return (
    isListed(filter.category, facts.category) &&
    isListed(filter.market, facts.market) &&
    isListed(filter.campaign, facts.campaign) &&
    isListedProduct(filter.product, facts.product)
  )
}

/** Whether one list of a filter lets a value pass. */
export function isListed(list: readonly string[] | undefined, value: string | undefined): boolean {
  if (list === undefined || list.length === 0) return true
  return value !== undefined && list.includes(value)
}

function isListedProduct(list: readonly ProductRef[] | undefined, product: ProductRef | undefined): boolean {
  if (list === undefined || list.length === 0) return true
  return list.some(({ source, externalId }) => source === product?.source && externalId === product.externalId)
}
