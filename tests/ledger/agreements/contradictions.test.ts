import { describe, expect, test } from 'vitest'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'
import { POINTS_RULE, REFERRAL_RULE, termsInput } from './factories.ts'
import { refusalOf } from './refusal-of.ts'

const terms = (changes: object): object => termsInput('spring', changes)
const DATA = { kind: 'DATA_CONVERSION', ratePpm: 50_000, attribution: { model: 'LAST' } }
const POOL = { kind: 'POOL_SPLIT', poolPpm: 100_000, housePpm: 300_000, attribution: { model: 'MARKOV' } }
const GUARANTEE = { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 1000 }
const aum = (tiers: readonly object[]): object => ({ kind: 'AUM_INCREMENT_TIERS', mode: 'GRADUATED', tiers })
const service = (scoreTiers: readonly object[]): object => ({ kind: 'SERVICE_OUTCOME', ratePpm: 1, scoreTiers })
const over = (parentPartner: string, childPartners?: readonly string[]): object => {
  return { kind: 'OVERRIDE', parentPartner, ratePpm: 50_000, ...(childPartners && { childPartners }) }
}

describe('rules that contradict themselves or each other', () => {
  test.each([
    ['no tier', [aum([])], 'rules.0.tiers'],
    ['tiers that fall', [aum([{ upTo: 9, ppm: 1 }, { upTo: 8, ppm: 1 }, { ppm: 1 }])], 'rules.0.tiers.1.upTo'],
    ['a tier twice', [aum([{ upTo: 9, ppm: 1 }, { upTo: 9, ppm: 1 }, { ppm: 1 }])], 'rules.0.tiers.1.upTo'],
    ['a tier up to nought', [aum([{ upTo: 0, ppm: 1 }, { ppm: 1 }])], 'rules.0.tiers.0.upTo'],
    ['a last tier that ends', [aum([{ upTo: 9, ppm: 1 }])], 'rules.0.tiers.0.upTo'],
    ['an inner tier without end', [aum([{ ppm: 1 }, { upTo: 9, ppm: 1 }, { ppm: 1 }])], 'rules.0.tiers.0.upTo'],
    ['a mark of flows', [{ ...aum([{ ppm: 1 }]), basis: 'NET_FLOWS', highWaterMark: true }], 'rules.0.highWaterMark'],
    ['no score', [service([])], 'rules.0.scoreTiers'],
    [
      'a score twice',
      [
        service([
          { minScore: 5, ppm: 1 },
          { minScore: '5', ppm: 2 },
        ]),
      ],
      'rules.0.scoreTiers.1.minScore',
    ],
    ['a negative score', [service([{ minScore: -1, ppm: 1 }])], 'rules.0.scoreTiers.0.minScore'],
    ['no rate tier', [{ ...DATA, rateTiers: [] }], 'rules.0.rateTiers'],
    [
      'rate tiers that fall',
      [
        {
          ...DATA,
          rateTiers: [
            { minConversionPpm: 2, ppm: 1 },
            { minConversionPpm: 1, ppm: 1 },
          ],
        },
      ],
      'rules.0.rateTiers.1.minConversionPpm',
    ],
    ['no attribution', [{ ...DATA, attribution: undefined }], 'rules.0.attribution'],
    ['an unknown model', [{ ...DATA, attribution: { model: 'BEST' } }], 'rules.0.attribution.model'],
    [
      'a decay without half-life',
      [{ ...POOL, attribution: { model: 'TIME_DECAY' } }],
      'rules.0.attribution.halfLifeDays',
    ],
    [
      'a half-life of nothing',
      [{ ...POOL, attribution: { model: 'TIME_DECAY', halfLifeDays: 0 } }],
      'rules.0.attribution.halfLifeDays',
    ],
    [
      'a half-life without decay',
      [{ ...POOL, attribution: { model: 'LINEAR', halfLifeDays: 7 } }],
      'rules.0.attribution.halfLifeDays',
    ],
    ['a house that takes more than all', [{ ...POOL, housePpm: 1_000_001 }], 'rules.0.housePpm'],
    ['points for nobody', [{ ...POINTS_RULE, beneficiary: 'HOUSE' }], 'rules.0.beneficiary'],
    ['points that expire at once', [{ ...POINTS_RULE, expiresAfterDays: 0 }], 'rules.0.expiresAfterDays'],
    ['half a point', [{ ...POINTS_RULE, pointsPerReferral: 0.5 }], 'rules.0.pointsPerReferral'],
    ['a bonus from the noughth', [{ ...POINTS_RULE, bonus: [{ fromNth: 0, points: 1 }] }], 'rules.0.bonus.0.fromNth'],
    [
      'a bonus twice',
      [
        {
          ...POINTS_RULE,
          bonus: [
            { fromNth: 3, points: 1 },
            { fromNth: 3, points: 2 },
          ],
        },
      ],
      'rules.0.bonus.1.fromNth',
    ],
    ['a guarantee with a priority', [{ ...GUARANTEE, priority: 1 }], 'rules.0.priority'],
    ['a second guarantee', [GUARANTEE, REFERRAL_RULE, GUARANTEE], 'rules.2.kind'],
    ['an override with a filter', [{ ...over('a'), filter: {} }], 'rules.0.filter'],
    ['an override that is exclusive', [{ ...over('a'), exclusive: false }], 'rules.0.exclusive'],
    ['an override over nobody', [over('a', [])], 'rules.0.childPartners'],
    ['a child of itself', [over('a', ['b', 'a'])], 'rules.0.childPartners.1'],
    ['a child twice', [over('a', ['b', 'c', 'b'])], 'rules.0.childPartners.2'],
    ['a circle of two', [over('a', ['b']), over('b', ['a'])], 'rules.1.parentPartner'],
    ['a circle of three', [over('a', ['b']), over('b', ['c']), over('c', ['a'])], 'rules.2.parentPartner'],
    ['a circle through all others', [over('a'), REFERRAL_RULE, over('b', ['a'])], 'rules.2.parentPartner'],
    ['two who are each over all others', [over('a'), over('b')], 'rules.1.parentPartner'],
  ])('%s', (_, rules, field) => {
    expect(refusalOf(terms({ rules }))).toEqual({ code: 'INVALID_INPUT', field })
  })

  test.each([
    ['POOL_SPLIT', POOL],
    ['DATA_CONVERSION', DATA],
  ])('%s that may not look back', (_, rule) => {
    expect(refusalOf(terms({ lookbackDays: 0, rules: [REFERRAL_RULE, rule] }))).toEqual({
      code: 'INVALID_INPUT',
      field: 'lookbackDays',
    })
    expect(parseTerms(terms({ lookbackDays: 0 })).lookbackDays).toBe(0)
  })

  test('a parent over a parent is no circle', () => {
    const rules = [over('a'), over('b', ['c', 'd']), over('c', ['d'])]
    expect(parseTerms(terms({ rules })).rules).toHaveLength(3)
  })
})
