import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffTerms } from '../../../ledger/agreements/diff-terms.ts'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'
import type { Terms } from '../../../ledger/agreements/terms.ts'
import { tellDiff } from '../../../ledger/splits/explain/tell-diff.ts'
import type { Language } from '../../../ledger/splits/explain/words.ts'
import { someTerms } from '../agreements/arbitrary-terms.ts'
import { POINTS_RULE, REFERRAL_RULE, termsInput } from '../agreements/factories.ts'

const told = (before: Terms, after: Terms, language: Language = 'en') =>
  diffTerms(before, after).map((change) => tellDiff(change, { before, after }, language))
const terms = (changes: object = {}): Terms => parseTerms(termsInput('spring', changes))

const TIERS = {
  kind: 'AUM_INCREMENT_TIERS',
  tiers: [{ upTo: 10_000_000, ppm: 1000 }, { ppm: 500 }],
  mode: 'GRADUATED',
}
const POOL = { kind: 'POOL_SPLIT', poolPpm: 100_000, housePpm: 0, attribution: { model: 'LINEAR' } }
const OVERRIDE = { kind: 'OVERRIDE', parentPartner: 'alpine', childPartners: ['birch'], ratePpm: 1000 }

const BEFORE = terms({ rules: [REFERRAL_RULE, TIERS, POOL, OVERRIDE] })
const AFTER = terms({
  version: 2,
  effectiveFrom: '2026-04-01T00:00:00+08:00',
  minimumPayout: 10_000,
  disputeDays: 1,
  tax: { vatPpm: 60_000 },
  rules: [
    { ...POINTS_RULE, bonus: [{ fromNth: 3, points: 150 }] },
    {
      ...REFERRAL_RULE,
      ratePpm: 250_000,
      window: { months: 1 },
      filter: { market: ['CN', 'HK'] },
      exclusive: true,
      priority: 1,
    },
    { ...TIERS, tiers: [{ upTo: 20_000_000, ppm: 1000 }, { ppm: 500 }], mode: 'VOLUME', priority: 2 },
    { ...POOL, attribution: { model: 'TIME_DECAY', halfLifeDays: 7 }, priority: 3 },
    { kind: 'OVERRIDE', parentPartner: 'alpine', ratePpm: 1000 },
  ],
})

test('each change is a sentence', () => {
  expect(told(BEFORE, AFTER)).toEqual([
    'Version: 2 instead of 1.',
    'Start: 2026-04-01 00:00:00.000 UTC+08:00 instead of 2026-01-01 00:00:00.000 UTC+08:00.',
    'Minimum payout: 100.00 CNY instead of 50.00 CNY.',
    'Time for disputes: 1 day instead of 14 days.',
    'Value added tax: 6 % instead of none.',
    'Rule 1 is new: it gives referrer and referred each 100 points for each referral, from no. 3 on 150; a hundred are worth 0.50 CNY and last 365 days.',
    'Rule 2 (rule 1 before), rate: 25 % instead of 20 %.',
    'Rule 2 (rule 1 before), window: 1 calendar month instead of 90 days.',
    'Rule 2 (rule 1 before), markets it looks at: CN, HK instead of all.',
    'Rule 2 (rule 1 before), priority: 1 instead of 0.',
    'Rule 2 (rule 1 before), exclusiveness: yes instead of no.',
    'Rule 3 (rule 2 before), tiers: ≤ 200000.00 CNY: 0.1 %; above: 0.05 % instead of ≤ 100000.00 CNY: 0.1 %; above: 0.05 %.',
    'Rule 3 (rule 2 before), reckoning by tiers: the whole at the rate of its tier instead of each slice at its own rate.',
    'Rule 3 (rule 2 before), priority: 2 instead of 0.',
    'Rule 4 (rule 3 before), attribution: time decay (half-life 7 d) instead of equal parts.',
    'Rule 4 (rule 3 before), priority: 3 instead of 0.',
    'Rule 5 (rule 4 before), children: all other members instead of birch.',
  ])
})

test('in Chinese as well', () => {
  expect(told(BEFORE, AFTER, 'zh-CN').filter((_, place) => [0, 5, 6, 7, 8, 10, 11, 14, 16].includes(place))).toEqual([
    '版本由 1 变为 2。',
    '新增规则 1：每次推荐给予推荐人与被推荐人各 100 积分，第 3 次起 150 分；每百积分值 0.50 CNY，有效期 365 天。',
    '规则 2（原规则 1）：费率由 20 % 变为 25 %。',
    '规则 2（原规则 1）：计酬窗口由 90 天 变为 1 个自然月。',
    '规则 2（原规则 1）：适用市场由 全部 变为 CN、HK。',
    '规则 2（原规则 1）：排他由 否 变为 是。',
    '规则 3（原规则 2）：档位由 ≤ 100000.00 CNY：0.1 %；以上：0.05 % 变为 ≤ 200000.00 CNY：0.1 %；以上：0.05 %。',
    '规则 4（原规则 3）：归因方式由 均分 变为 时间衰减（半衰期 7 天）。',
    '规则 5（原规则 4）：下级伙伴由 birch 变为 全部其他成员。',
  ])
})

test('a rule that fell away or changed its turn is told as the version before had it', () => {
  const filtered = { ...REFERRAL_RULE, filter: { campaign: ['spring'] } }
  const guarantee = { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 70_000 }
  const before = terms({ rules: [filtered, OVERRIDE, guarantee] })
  const after = terms({ rules: [guarantee, OVERRIDE] })
  expect(told(before, after)).toEqual([
    'Rule 1 (rule 3 before) changed its turn among the rules.',
    'Rule 1 of version 1 falls away, which gives 20 % of commission within 90 days of the referral (only campaign: spring).',
  ])
  expect(told(before, after, 'zh-CN').at(-1)).toBe(
    '取消第 1 版的规则 1：推荐后 90 天内，按佣金的 20 % 计酬（仅限活动：spring）。',
  )
})

test.each(['en', 'zh-CN'] as const)('whatever changes can be told in %s', (language) => {
  let sentences = 0
  fc.assert(
    fc.property(someTerms, someTerms, (before, after) => {
      for (const sentence of told(before, after, language)) {
        sentences++
        expect(sentence).toMatch(/[.。]$/)
        expect(sentence).not.toMatch(/undefined|\[object|NaN|[A-Z]_[A-Z]/)
      }
    }),
    { numRuns: 200 },
  )
  expect(sentences).toBeGreaterThan(1000)
})
