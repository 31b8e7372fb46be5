import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../kernel/fault.ts'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'
import { RULE_KINDS } from '../../../ledger/agreements/terms.ts'
import { bodyOf, hashOfBody, readTerms } from '../../../ledger/agreements/terms-body.ts'
import { someTerms } from './arbitrary-terms.ts'
import { REFERRAL_RULE, termsInput } from './factories.ts'

const terms = (changes: object = {}): object => termsInput('spring', changes)
const rule = (changes: object): object => terms({ rules: [REFERRAL_RULE, { ...REFERRAL_RULE, ...changes }] })

const POINTS = {
  kind: 'REFERRAL_POINTS',
  pointsPerReferral: 100,
  valuePerHundredPoints: 50,
  expiresAfterDays: 365,
  beneficiary: 'BOTH',
}
const DATA = { kind: 'DATA_CONVERSION', ratePpm: 50_000, attribution: { model: 'LAST' } }
const POOL = { kind: 'POOL_SPLIT', poolPpm: 100_000, housePpm: 300_000, attribution: { model: 'MARKOV' } }
const GUARANTEE = { kind: 'MINIMUM_GUARANTEE', amountPerPeriod: 1000 }
const aum = (tiers: readonly object[]): object => ({ kind: 'AUM_INCREMENT_TIERS', mode: 'GRADUATED', tiers })
const service = (scoreTiers: readonly object[]): object => ({ kind: 'SERVICE_OUTCOME', ratePpm: 1, scoreTiers })
const over = (parentPartner: string, childPartners?: readonly string[]): object => {
  return { kind: 'OVERRIDE', parentPartner, ratePpm: 50_000, ...(childPartners && { childPartners }) }
}

function refusalOf(value: unknown): { code: string; field: string | undefined } {
  try {
    parseTerms(value)
  } catch (error) {
    if (error instanceof Fault) return { code: error.code, field: error.field }
    throw error
  }
  throw new Error('the terms were taken')
}

describe('terms that are understood', () => {
  test('amounts and rates become integers, times become instants, and defaults are filled in', () => {
    expect(parseTerms(terms())).toEqual({
      programme: 'spring',
      version: 1,
      effectiveFrom: new Date('2025-12-31T16:00:00Z'),
      asset: 'CNY/2',
      timeZone: 'Asia/Shanghai',
      rules: [{ ...REFERRAL_RULE, ratePpm: 200_000n, filter: {}, priority: 0, exclusive: false }],
      limits: {},
      holdback: { ppm: 100_000n, periods: 2 },
      minimumPayout: 5000n,
      clawbackDays: 180,
      disputeDays: 14,
      lookbackDays: 30,
      tax: {},
    })
  })

  test('an amount beyond what a float holds is exact', () => {
    const minimumPayout = '90071992547409931234567890'
    expect(parseTerms(terms({ minimumPayout })).minimumPayout).toBe(90071992547409931234567890n)
  })

  test('the canonical JSON has sorted keys, integers as text and the time in UTC', () => {
    const body = bodyOf(parseTerms(terms()))
    expect(body.startsWith('{"asset":"CNY/2","clawbackDays":"180","disputeDays":"14",')).toBe(true)
    expect(body).toContain('"effectiveFrom":"2025-12-31T16:00:00.000Z"')
    expect(body).toContain('"ratePpm":"200000","window":{"days":"90"}')
  })

  test('the hash is of the content, not of how it was written', () => {
    const written = terms({ version: '1', minimumPayout: 5000, effectiveFrom: '2025-12-31T16:00:00.000Z' })
    const hash = hashOfBody(bodyOf(parseTerms(terms())))
    expect(hashOfBody(bodyOf(parseTerms(written)))).toBe(hash)
    expect(hashOfBody(bodyOf(parseTerms(terms({ minimumPayout: 5001 }))))).not.toBe(hash)
  })

  test('a body reads back to the terms it was made of, with rules of every kind', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(someTerms, (terms) => {
        for (const { kind } of terms.rules) seen.add(kind)
        const body = bodyOf(terms)
        expect(readTerms(body)).toEqual(terms)
        expect(bodyOf(readTerms(body))).toBe(body)
      }),
      { numRuns: 300 },
    )
    expect([...seen].sort()).toEqual(RULE_KINDS.toSorted())
  })

  test('what is left out has its default written out', () => {
    const plain = [
      { kind: 'AUM_INCREMENT_TIERS', tiers: [{ ppm: 1 }], mode: 'VOLUME' },
      { kind: 'DATA_CONVERSION', ratePpm: 1, attribution: { model: 'SHAPLEY' } },
      { kind: 'POOL_SPLIT', poolPpm: '1', housePpm: 0, attribution: { model: 'TIME_DECAY', halfLifeDays: '7' } },
      POINTS,
    ]
    const onFacts = { filter: {}, priority: 0, exclusive: false }
    expect(parseTerms(terms({ rules: plain })).rules).toStrictEqual([
      {
        kind: 'AUM_INCREMENT_TIERS',
        tiers: [{ ppm: 1n }],
        mode: 'VOLUME',
        highWaterMark: false,
        basis: 'BALANCE',
        ...onFacts,
      },
      { kind: 'DATA_CONVERSION', ratePpm: 1n, base: 'COMMISSION', attribution: { model: 'SHAPLEY' }, ...onFacts },
      {
        kind: 'POOL_SPLIT',
        poolPpm: 1n,
        housePpm: 0n,
        base: 'COMMISSION',
        attribution: { model: 'TIME_DECAY', halfLifeDays: 7 },
        ...onFacts,
      },
      {
        kind: 'REFERRAL_POINTS',
        pointsPerReferral: 100n,
        bonus: [],
        valuePerHundredPoints: 50n,
        expiresAfterDays: 365,
        beneficiary: 'BOTH',
        ...onFacts,
      },
    ])
  })
})

describe('terms that are refused', () => {
  test.each([
    ['an unknown field', terms({ colour: 'red' }), 'colour'],
    ['a missing part', terms({ tax: undefined }), 'tax'],
    ['a fraction', terms({ minimumPayout: 1.5 }), 'minimumPayout'],
    ['a negative amount', terms({ minimumPayout: -1 }), 'minimumPayout'],
    ['an unsafe number', terms({ minimumPayout: 2 ** 60 }), 'minimumPayout'],
    ['more than everything', terms({ tax: { vatPpm: 1_000_001 } }), 'tax.vatPpm'],
    ['a date without a time', terms({ effectiveFrom: '2026-01-01' }), 'effectiveFrom'],
    ['a time without an offset', terms({ effectiveFrom: '2026-01-01T00:00:00' }), 'effectiveFrom'],
    ['a day that is none', terms({ effectiveFrom: '2026-02-30T00:00:00Z' }), 'effectiveFrom'],
    ['an asset that is none', terms({ asset: 'yuan' }), 'asset'],
    ['version nought', terms({ version: 0 }), 'version'],
    ['rules that are no list', terms({ rules: {} }), 'rules'],
    ['a rule that is none', terms({ rules: [null] }), 'rules.0'],
    ['a kind that nobody knows', rule({ kind: 'LOTTERY' }), 'rules.1.kind'],
    ['a rate above all', rule({ ratePpm: 1_000_001 }), 'rules.1.ratePpm'],
    ['a window of nothing', rule({ window: { days: 0 } }), 'rules.1.window.days'],
    ['two windows', rule({ window: { days: 1, months: 1 } }), 'rules.1.window'],
    ['an unknown base', rule({ base: 'TURNOVER' }), 'rules.1.base'],
    ['an unknown filter', rule({ filter: { colour: ['red'] } }), 'rules.1.filter.colour'],
    ['an empty name in a filter', rule({ filter: { market: [''] } }), 'rules.1.filter.market.0'],
    ['a null byte', rule({ filter: { market: ['a\u0000'] } }), 'rules.1.filter.market.0'],
    ['a field of another kind', rule({ feePerThousand: 1 }), 'rules.1.feePerThousand'],
    ['holding back for no period', terms({ holdback: { ppm: 1, periods: 0 } }), 'holdback.periods'],
    ['an exclusive rule of equal priority', rule({ exclusive: true }), 'rules.1.priority'],
  ])('%s', (_, value, field) => {
    expect(refusalOf(value)).toEqual({ code: 'INVALID_INPUT', field })
  })

  test.each([null, undefined, 7, 'terms', []])('%j is no terms', (value) => {
    expect(refusalOf(value).code).toBe('INVALID_INPUT')
  })

  test('a manual adjustment, which no terms make', () => {
    const adjusting = terms({ rules: [REFERRAL_RULE, { kind: 'MANUAL_ADJUSTMENT', amount: 1, reason: 'goodwill' }] })
    expect(refusalOf(adjusting)).toEqual({ code: 'INVALID_INPUT', field: 'rules.1.kind' })
    expect(() => parseTerms(adjusting)).toThrow('by two persons, not by terms: tributary adjustment propose')
  })

  test('a name that every object has', () => {
    const polluted = `{"kind":"MINIMUM_GUARANTEE","amountPerPeriod":1,"__proto__":{"amountPerPeriod":2}}`
    expect(refusalOf(terms({ rules: [JSON.parse(polluted)] }))).toEqual({
      code: 'INVALID_INPUT',
      field: 'rules.0.__proto__',
    })
  })
})

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
    ['points for nobody', [{ ...POINTS, beneficiary: 'HOUSE' }], 'rules.0.beneficiary'],
    ['points that expire at once', [{ ...POINTS, expiresAfterDays: 0 }], 'rules.0.expiresAfterDays'],
    ['half a point', [{ ...POINTS, pointsPerReferral: 0.5 }], 'rules.0.pointsPerReferral'],
    ['a bonus from the noughth', [{ ...POINTS, bonus: [{ fromNth: 0, points: 1 }] }], 'rules.0.bonus.0.fromNth'],
    [
      'a bonus twice',
      [
        {
          ...POINTS,
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
