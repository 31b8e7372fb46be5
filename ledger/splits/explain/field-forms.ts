import type { CanonicalValue } from '../../../kernel/canonical-json.ts'
import { invariant } from '../../../kernel/invariant.ts'
import type { CanonicalMembers } from '../../agreements/terms-body.ts'
import { BENEFICIARIES } from './beneficiaries.ts'
import { CHINESE_BASES } from './chinese-bases.ts'
import { isModel, modelIn } from './models.ts'
import { counted, type ExplainIn, money, percent, timeIn } from './words.ts'

type Pair = readonly [english: string, chinese: string]
type Tell = (value: CanonicalValue, options: ExplainIn) => string

/** Values of terms, as canonical JSON has them, in words. */
export const FIELD_FORMS = {
  TEXT: (value) => `${value}`,
  TIME: (value, options) => timeIn(`${value}`, options),
  RATE: (value) => percent(`${value}`),
  MONEY: (value, { asset }) => money(BigInt(`${value}`), asset),
  DAYS: (value, { language }) => choose(language, [counted(Number(value), 'day'), `${value} 天`]),
  YES_NO: (value, { language }) => choose(language, value === true ? ['yes', '是'] : ['no', '否']),
  WORD: (value, { language }) => choose(language, WORDS[`${value}`] ?? [`${value}`, `${value}`]),
  BASE: (value, { language }) => choose(language, [`${value}`.toLowerCase(), CHINESE_BASES[`${value}`] ?? `${value}`]),
  WINDOW: (value, { language }) => {
    const { days, months } = membersOf(value)
    return choose(
      language,
      days === undefined
        ? [counted(Number(months), 'calendar month'), `${months} 个自然月`]
        : [counted(Number(days), 'day'), `${days} 天`],
    )
  },
  ATTRIBUTION: (value, options) => {
    const { model, halfLifeDays } = membersOf(value)
    invariant(isModel(model), 'terms have a known model of attribution')
    return modelIn({ model, ...(halfLifeDays !== undefined && { halfLifeDays: Number(halfLifeDays) }) }, options)
  },
  NAMES: (value, options) => listIn(itemsOf(value).map(String), options),
  PRODUCTS: (value, options) => {
    const products = itemsOf(value).map(membersOf)
    return listIn(
      products.map(({ source, externalId }) => `${source}/${externalId}`),
      options,
    )
  },
  AMOUNT_TIERS: (value, options) =>
    tiersIn(value, options, ({ upTo, ppm }) => {
      if (upTo === undefined) return [`above: ${percent(`${ppm}`)}`, `以上：${percent(`${ppm}`)}`]
      const bound = money(BigInt(`${upTo}`), options.asset)
      return [`≤ ${bound}: ${percent(`${ppm}`)}`, `≤ ${bound}：${percent(`${ppm}`)}`]
    }),
  SCORE_TIERS: (value, options) =>
    tiersIn(value, options, ({ minScore, ppm }) => fromOn(`${minScore}`, percent(`${ppm}`))),
  CONVERSION_TIERS: (value, options) =>
    tiersIn(value, options, ({ minConversionPpm, ppm }) => fromOn(percent(`${minConversionPpm}`), percent(`${ppm}`))),
  BONUS: (value, options) =>
    tiersIn(value, options, ({ fromNth, points }) => [
      `from no. ${fromNth} on: ${points}`,
      `第 ${fromNth} 次起：${points}`,
    ]),
} as const satisfies Readonly<Record<string, Tell>>

/** The name of a form of values. */
export type FieldForm = keyof typeof FIELD_FORMS

const WORDS: Readonly<Record<string, Pair>> = {
  GRADUATED: ['each slice at its own rate', '分段累进'],
  VOLUME: ['the whole at the rate of its tier', '按总量定档'],
  BALANCE: ['balances', '余额'],
  NET_FLOWS: ['net flows', '净流入'],
  ...BENEFICIARIES,
}

function choose(language: ExplainIn['language'], [english, chinese]: Pair): string {
  return language === 'en' ? english : chinese
}

/** Names one after the other; an empty list of a filter lets all pass. */
function listIn(names: readonly string[], { language }: ExplainIn): string {
  if (names.length === 0) return choose(language, ['all', '全部'])
  return names.join(choose(language, [', ', '、']))
}

function tiersIn(value: CanonicalValue, { language }: ExplainIn, tier: (members: CanonicalMembers) => Pair): string {
  const tiers = itemsOf(value).map((each) => choose(language, tier(membersOf(each))))
  return tiers.length === 0 ? choose(language, ['none', '无']) : tiers.join(choose(language, ['; ', '；']))
}

function fromOn(bound: string, rate: string): Pair {
  return [`from ${bound}: ${rate}`, `${bound} 起：${rate}`]
}

function itemsOf(value: CanonicalValue): readonly CanonicalValue[] {
  invariant(Array.isArray(value), 'the field holds a list')
  return value
}

function membersOf(value: CanonicalValue): CanonicalMembers {
  invariant(typeof value === 'object' && value !== null && !Array.isArray(value), 'the field holds members')
  return value as CanonicalMembers
}
