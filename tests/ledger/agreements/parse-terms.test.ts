import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Fault } from '../../../kernel/fault.ts'
import { parseTerms } from '../../../ledger/agreements/parse-terms.ts'
import { bodyOf, hashOfBody, readTerms } from '../../../ledger/agreements/terms-body.ts'
import { REFERRAL_RULE, termsInput } from './factories.ts'

const terms = (changes: object = {}): object => termsInput('spring', changes)
const rule = (changes: object): object => terms({ rules: [REFERRAL_RULE, { ...REFERRAL_RULE, ...changes }] })

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

  test('a body reads back to the terms it was made of', () => {
    const texts = fc.array(fc.string({ minLength: 1 }).filter((text) => text.trim() === text && !/\p{C}/u.test(text)))
    const rules = fc.array(
      fc.record({
        kind: fc.constant('REFERRAL_COMMISSION_SHARE'),
        ratePpm: fc.integer({ min: 0, max: 1_000_000 }),
        window: fc.oneof(
          fc.record({ days: fc.integer({ min: 1, max: 1000 }) }),
          fc.record({ months: fc.integer({ min: 1, max: 60 }) }),
        ),
        base: fc.constantFrom('COMMISSION', 'VOLUME', 'ASSETS', 'FEE', 'FLOWS'),
        filter: fc.record({ category: texts, market: texts, campaign: texts }, { requiredKeys: [] }),
        priority: fc.integer({ min: 0, max: 9 }),
      }),
      { maxLength: 4 },
    )
    const limits = fc.record({ maxSharePpm: fc.integer({ min: 0, max: 1_000_000 }) }, { requiredKeys: [] })
    fc.assert(
      fc.property(rules, limits, fc.bigInt({ min: 0n, max: 10n ** 38n - 1n }), (ruleList, limit, amount) => {
        const parsed = parseTerms(terms({ rules: ruleList, limits: limit, minimumPayout: String(amount) }))
        expect(readTerms(bodyOf(parsed))).toEqual(parsed)
      }),
    )
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

  test.each([
    'COURSE_COMPLETION',
    'AUM_INCREMENT_TIERS',
    'TRAFFIC_UNIT_FEE',
    'SERVICE_OUTCOME',
    'DATA_CONVERSION',
    'POOL_SPLIT',
    'REFERRAL_POINTS',
    'OVERRIDE',
    'MINIMUM_GUARANTEE',
    'MANUAL_ADJUSTMENT',
  ])('a rule %s, which cannot be settled yet', (kind) => {
    expect(refusalOf(terms({ rules: [REFERRAL_RULE, { kind }] }))).toEqual({
      code: 'UNSUPPORTED',
      field: 'rules.1.kind',
    })
  })
})
