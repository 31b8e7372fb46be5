import { invariant } from '../../../kernel/invariant.ts'
import type { Rule, RuleFilter, Terms } from '../../agreements/terms.ts'
import type { FieldForm } from './field-forms.ts'

type KeysOf<T> = T extends unknown ? keyof T : never
type Grouped = 'limits' | 'holdback' | 'tax'

/** A field of terms that may differ between versions, by its path; of a rule, within the rule. */
type TermsField =
  | Exclude<keyof Terms, Grouped | 'rules'>
  | { [Group in Grouped]: `${Group}.${KeysOf<Terms[Group]>}` }[Grouped]
  | Exclude<KeysOf<Rule>, 'kind' | 'filter'>
  | `filter.${keyof RuleFilter}`

/** How a field is called, and in which form its values are told. */
type FieldName = { readonly en: string; readonly zh: string; readonly form: FieldForm }

/** Every field's name. */
const FIELD_NAMES: Readonly<Record<TermsField, FieldName>> = {
  programme: { en: 'programme', zh: '项目', form: 'TEXT' },
  version: { en: 'version', zh: '版本', form: 'TEXT' },
  effectiveFrom: { en: 'start', zh: '生效时间', form: 'TIME' },
  asset: { en: 'asset', zh: '结算资产', form: 'TEXT' },
  timeZone: { en: 'time zone', zh: '时区', form: 'TEXT' },
  'limits.maxSharePpm': { en: 'limit over stacked rules', zh: '叠加规则上限', form: 'RATE' },
  'limits.capPerPeriod': { en: 'cap of an agreement per period', zh: '协议每期封顶', form: 'MONEY' },
  'holdback.ppm': { en: 'holdback', zh: '预留比例', form: 'RATE' },
  'holdback.periods': { en: 'number of periods of holdback', zh: '预留期数', form: 'TEXT' },
  minimumPayout: { en: 'minimum payout', zh: '最低支付额', form: 'MONEY' },
  clawbackDays: { en: 'time for clawbacks', zh: '追回期限', form: 'DAYS' },
  disputeDays: { en: 'time for disputes', zh: '异议期限', form: 'DAYS' },
  lookbackDays: { en: 'lookback', zh: '回溯期', form: 'DAYS' },
  'tax.vatPpm': { en: 'value added tax', zh: '增值税率', form: 'RATE' },
  'tax.withholdingPpm': { en: 'withholding tax', zh: '预扣税率', form: 'RATE' },
  'filter.category': { en: 'categories it looks at', zh: '适用类别', form: 'NAMES' },
  'filter.product': { en: 'products it looks at', zh: '适用产品', form: 'PRODUCTS' },
  'filter.market': { en: 'markets it looks at', zh: '适用市场', form: 'NAMES' },
  'filter.campaign': { en: 'campaigns it looks at', zh: '适用活动', form: 'NAMES' },
  priority: { en: 'priority', zh: '优先级', form: 'TEXT' },
  exclusive: { en: 'exclusiveness', zh: '排他', form: 'YES_NO' },
  ratePpm: { en: 'rate', zh: '费率', form: 'RATE' },
  window: { en: 'window', zh: '计酬窗口', form: 'WINDOW' },
  base: { en: 'base', zh: '计酬基数', form: 'BASE' },
  minimumCompletionPpm: { en: 'minimum completion', zh: '最低完成比例', form: 'RATE' },
  tiers: { en: 'tiers', zh: '档位', form: 'AMOUNT_TIERS' },
  mode: { en: 'reckoning by tiers', zh: '分档方式', form: 'WORD' },
  highWaterMark: { en: 'high-water mark', zh: '高水位', form: 'YES_NO' },
  basis: { en: 'basis', zh: '增量口径', form: 'WORD' },
  feePerThousand: { en: 'fee per thousand', zh: '每千次费用', form: 'MONEY' },
  unit: { en: 'unit', zh: '计量单位', form: 'TEXT' },
  capPerPeriod: { en: 'cap per period', zh: '每期封顶', form: 'MONEY' },
  scoreTiers: { en: 'tiers by score', zh: '评分档位', form: 'SCORE_TIERS' },
  rateTiers: { en: 'tiers by conversion rate', zh: '转化率档位', form: 'CONVERSION_TIERS' },
  attribution: { en: 'attribution', zh: '归因方式', form: 'ATTRIBUTION' },
  poolPpm: { en: 'part for the pool', zh: '入池比例', form: 'RATE' },
  housePpm: { en: 'part of the house', zh: '平台比例', form: 'RATE' },
  pointsPerReferral: { en: 'points per referral', zh: '每次推荐积分', form: 'TEXT' },
  bonus: { en: 'bonus', zh: '奖励档位', form: 'BONUS' },
  valuePerHundredPoints: { en: 'value of a hundred points', zh: '每百积分价值', form: 'MONEY' },
  expiresAfterDays: { en: 'life of points', zh: '积分有效期', form: 'DAYS' },
  beneficiary: { en: 'beneficiary', zh: '受益人', form: 'WORD' },
  parentPartner: { en: 'parent', zh: '上级伙伴', form: 'TEXT' },
  childPartners: { en: 'children', zh: '下级伙伴', form: 'NAMES' },
  amountPerPeriod: { en: 'guaranteed amount', zh: '保底金额', form: 'MONEY' },
}

/** The name of a field by its path within terms (`limits.maxSharePpm`) or within a rule (`filter.market`). */
export function fieldName(path: string): FieldName {
  invariant(isField(path), `${path} is no field of terms`)
  return FIELD_NAMES[path]
}

function isField(path: string): path is TermsField {
  return Object.hasOwn(FIELD_NAMES, path)
}
