import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'
import { RULE_KINDS } from '../../../ledger/agreements/terms.ts'
import { bodyOf, hashOfBody, readTerms } from '../../../ledger/agreements/terms-body.ts'
import { someTerms } from './arbitrary-terms.ts'
import { POINTS_RULE, REFERRAL_RULE, termsInput } from './factories.ts'
import { refusalOf } from './refusal-of.ts'

const terms = (changes: object = {}): object => termsInput('spring', changes)
const rule = (changes: object): object => terms({ rules: [REFERRAL_RULE, { ...REFERRAL_RULE, ...changes }] })

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
      POINTS_RULE,
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
