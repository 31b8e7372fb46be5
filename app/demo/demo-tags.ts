import type { TagDefinition } from '../../customers/tag-definition.ts'
import type { Random } from './random.ts'

/** A tag of the demonstration, and how a customer comes by a value. */
export type DemoTag = { readonly definition: TagDefinition; readonly draw: (random: Random) => string }

type Names = readonly [key: string, labelEn: string, labelZh: string, category: string]
type Range = readonly [least: number, most: number]

/** 40 tags: numbers in bands, ordered choices, and plain facts. */
export const DEMO_TAGS: readonly DemoTag[] = [
  number(['age', 'Age', '年龄', 'demographics'], [18, 80], [29, 44, 59], 'years'),
  number(['household_size', 'Household size', '家庭人数', 'demographics'], [1, 7], [1, 3], 'persons'),
  choice(['gender', 'Gender', '性别', 'demographics'], ['FEMALE', 'MALE']),
  choice(['education', 'Education', '教育程度', 'demographics'], ['SECONDARY', 'BACHELOR', 'MASTER', 'DOCTOR']),
  choice(['life_stage', 'Life stage', '人生阶段', 'demographics'], ['STARTING', 'FAMILY', 'SETTLED', 'RETIRED']),
  choice(['city_tier', 'City tier', '城市等级', 'demographics'], ['T1', 'T2', 'T3', 'T4']),
  choice(['language', 'Preferred language', '首选语言', 'demographics'], ['ZH', 'EN', 'YUE']),
  fact(['married', 'Married', '已婚', 'demographics']),
  fact(['has_children', 'Has children', '有子女', 'demographics']),
  number(['assets', 'Total assets', '总资产', 'wealth'], [0, 5_000_000], [49_999, 499_999, 1_999_999], 'CNY', 'HIGH'),
  number(['income', 'Yearly income', '年收入', 'wealth'], [40_000, 1_500_000], [149_999, 399_999], 'CNY', 'HIGH'),
  number(['cash_share', 'Share in cash', '现金占比', 'wealth'], [0, 100], [19, 59], 'percent'),
  number(['fund_share', 'Share in funds', '基金占比', 'wealth'], [0, 100], [19, 59], 'percent'),
  number(['holdings', 'Number of holdings', '持仓数量', 'wealth'], [0, 60], [4, 19]),
  choice(['risk_level', 'Risk level', '风险承受等级', 'wealth'], ['C1', 'C2', 'C3', 'C4', 'C5'], 'HIGH'),
  choice(['customer_level', 'Customer level', '客户等级', 'wealth'], ['BASIC', 'SILVER', 'GOLD', 'PLATINUM']),
  choice(['goal', 'Investment goal', '投资目标', 'wealth'], ['PRESERVE', 'INCOME', 'BALANCE', 'GROWTH']),
  fact(['holds_bonds', 'Holds bonds', '持有债券', 'wealth']),
  fact(['margin_account', 'Has a margin account', '开通两融', 'wealth'], 'HIGH'),
  fact(['pension_account', 'Has a pension account', '开通养老金账户', 'wealth']),
  number(['tenure_months', 'Months with the broker', '开户月数', 'activity'], [0, 240], [11, 59], 'months'),
  number(['trades_month', 'Trades a month', '月交易次数', 'activity'], [0, 80], [2, 14]),
  number(['logins_month', 'Logins a month', '月登录次数', 'activity'], [0, 120], [4, 29]),
  number(['courses_done', 'Courses completed', '完成课程数', 'activity'], [0, 30], [0, 4]),
  number(['app_minutes', 'Minutes in the app a week', '每周使用分钟', 'activity'], [0, 600], [29, 179], 'minutes'),
  choice(['channel', 'Favourite channel', '常用渠道', 'activity'], ['APP', 'WEB', 'PHONE', 'BRANCH']),
  choice(['activity', 'Activity', '活跃度', 'activity'], ['DORMANT', 'LOW', 'MEDIUM', 'HIGH']),
  fact(['newsletter', 'Reads the newsletter', '订阅资讯', 'activity']),
  fact(['esg_interest', 'Interested in ESG', '关注 ESG', 'activity']),
  number(['debt', 'Total debt', '负债总额', 'liabilities'], [0, 3_000_000], [0, 499_999], 'CNY', 'HIGH'),
  number(['credit_score', 'Credit score', '信用评分', 'liabilities'], [350, 950], [549, 699], 'points', 'HIGH'),
  fact(['has_mortgage', 'Has a mortgage', '有房贷', 'liabilities'], 'HIGH'),
  fact(['has_car_loan', 'Has a car loan', '有车贷', 'liabilities'], 'HIGH'),
  number(['policies', 'Insurance policies', '保单数量', 'protection'], [0, 12], [0, 3]),
  number(['cover', 'Sum insured', '保额', 'protection'], [0, 4_000_000], [299_999, 999_999], 'CNY'),
  fact(['health_cover', 'Has health cover', '有健康险', 'protection'], 'HIGH'),
  number(['trips_year', 'Trips a year', '年出行次数', 'lifestyle'], [0, 24], [0, 5]),
  number(['spend_month', 'Monthly spending', '月消费', 'lifestyle'], [500, 60_000], [4_999, 19_999], 'CNY'),
  choice(['travel_style', 'Travel style', '出行偏好', 'lifestyle'], ['HOME', 'DOMESTIC', 'OVERSEAS']),
  fact(['owns_car', 'Owns a car', '有车', 'lifestyle']),
]

type Sensitivity = TagDefinition['sensitivity']

function common([key, labelEn, labelZh, category]: Names, sensitivity: Sensitivity) {
  const legalBasis = sensitivity === 'HIGH' ? 'Separate consent (PIPL Art. 29)' : 'Consent (PIPL Art. 13(1))'
  return { key, labelEn, labelZh, category, sensitivity, legalBasis } as const
}

/** `bounds` are the upper ends of the bands, the last of which is open; the flag begins above the highest. */
function number(
  names: Names,
  [least, most]: Range,
  bounds: readonly number[],
  unit?: string,
  sensitivity: Sensitivity = 'NORMAL',
): DemoTag {
  const top = bounds.at(-1) ?? most
  const definition: TagDefinition = {
    ...common(names, sensitivity),
    type: 'INTEGER',
    ...(unit === undefined ? {} : { unit }),
    granularities: ['exact', 'band', 'flag'],
    bands: [...bounds.map((upTo) => ({ upTo: String(upTo), label: `up to ${upTo}` })), { label: `over ${top}` }],
    flag: { atLeast: String(top + 1) },
  }
  return { definition, draw: (random) => String(random.between(least, most)) }
}

/** The flag tells the upper half of the choices. */
function choice(
  names: Names,
  values: readonly [string, string, ...string[]],
  sensitivity: Sensitivity = 'NORMAL',
): DemoTag {
  const definition: TagDefinition = {
    ...common(names, sensitivity),
    type: 'ENUM',
    values,
    granularities: ['exact', 'flag'],
    flag: { in: values.slice(Math.ceil(values.length / 2)) },
  }
  return { definition, draw: (random) => random.pick(values) }
}

function fact(names: Names, sensitivity: Sensitivity = 'NORMAL'): DemoTag {
  const definition: TagDefinition = { ...common(names, sensitivity), type: 'BOOLEAN', granularities: ['exact'] }
  return { definition, draw: (random) => String(random.chance(0.4)) }
}
