import type { SharedTag } from '../../customers/granularity.ts'
import type { Purpose } from '../../customers/purpose.ts'

/** What customers agree to when they consent to a purpose: a little less than may be asked. */
type DemoPurpose = Omit<Purpose, 'direction'> & { readonly usual: readonly SharedTag[] }

const band = (key: string): SharedTag => ({ key, granularity: 'band' })
const flag = (key: string): SharedTag => ({ key, granularity: 'flag' })
const exact = (key: string): SharedTag => ({ key, granularity: 'exact' })

const purpose = (
  [key, nameEn, nameZh]: readonly [string, string, string],
  description: string,
  usual: readonly SharedTag[],
  more: readonly string[] = [],
): DemoPurpose => ({ key, nameEn, nameZh, description, tagKeys: [...usual.map((tag) => tag.key), ...more], usual })

/** What partners may ask data for. */
export const DEMO_PURPOSES: readonly DemoPurpose[] = [
  purpose(
    ['CREDIT', 'Credit', '信贷'],
    'To offer credit that suits the customer.',
    [band('age'), band('assets'), flag('income'), exact('customer_level'), exact('has_mortgage')],
    ['debt', 'credit_score', 'risk_level', 'city_tier'],
  ),
  purpose(
    ['INSURANCE', 'Insurance', '保险'],
    'To offer cover that is missing.',
    [band('age'), band('policies'), exact('has_children'), flag('cover')],
    ['household_size', 'health_cover', 'life_stage'],
  ),
  purpose(
    ['TRAVEL', 'Travel', '旅行'],
    'To offer journeys.',
    [band('trips_year'), exact('travel_style'), exact('city_tier')],
    ['spend_month', 'language'],
  ),
  purpose(
    ['EDUCATION', 'Education', '教育'],
    'To offer courses.',
    [band('age'), exact('education'), band('courses_done')],
    ['goal', 'language', 'has_children'],
  ),
  purpose(
    ['COMMERCE', 'Commerce', '购物'],
    'To offer goods and benefits.',
    [band('spend_month'), exact('customer_level'), exact('channel')],
    ['city_tier', 'owns_car'],
  ),
  purpose(
    ['WEALTH', 'Wealth services', '财富服务'],
    'To advise on wealth and taxes.',
    [band('assets'), flag('risk_level'), exact('goal'), band('holdings')],
    ['income', 'pension_account', 'tenure_months'],
  ),
  purpose(
    ['SETTLEMENT', 'Settlement', '结算对账'],
    'To show a partner the single revenues that its share comes from.',
    [exact('customer_level')],
  ),
]

/** The tags of a purpose as customers usually share them. */
export function usualTags(key: string): SharedTag[] {
  return [...(DEMO_PURPOSES.find((one) => one.key === key)?.usual ?? [])]
}
