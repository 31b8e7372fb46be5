import { describe, expect, test } from 'vitest'
import { matchRules, rulesInOrder } from '../../../ledger/splits/match-rules.ts'
import { amountsByEvent, type EventParts, JUDGING, referred, reversed, share, split, termsOf, W1 } from './facts.ts'

const at = '2026-01-20T00:00:00Z'

describe('worked numbers', () => {
  test('W1: the window is half-open, and the total is rounded once', () => {
    const terms = termsOf([share()])
    expect(split(terms, W1)).toMatchObject([{ total: 458n, forgone: 0n, amounts: [247n, 200n, 11n] }])
    expect(amountsByEvent(terms, W1)).toEqual({ t1: 247n, t2: 200n, t3: 11n })
  })

  test('W11: reversed as a whole, the amounts are the same below zero', () => {
    const terms = termsOf([share()])
    expect(amountsByEvent(terms, reversed(W1))).toEqual({ t1: -247n, t2: -200n, t3: -11n })
  })

  test('W12: a cap of 1000 over 333333, 333333, 333334 gives 333, 333, 334', () => {
    const terms = termsOf([share({ ratePpm: 1_000_000n })], { limits: { capPerPeriod: 1000n } })
    const facts = [333_333n, 333_333n, 333_334n].map((minor, index) => referred(`t${index}`, { minor, at }))
    const [rule] = split(terms, facts)
    expect(rule).toMatchObject({ total: 1000n, forgone: 999_000n, amounts: [333n, 333n, 334n] })
  })
})

describe('the window', () => {
  test('begins with the referral itself', () => {
    expect(matches({ at: '2026-01-15T00:00:00.000Z' })).toBe(1)
    expect(matches({ at: '2026-01-14T23:59:59.999Z' })).toBe(0)
  })

  test('in calendar months ends at the same local time in the programme’s zone', () => {
    // 01:00 on 1 February in Shanghai is still January in UTC
    const window = { window: { months: 1 } }
    const referredAt = '2026-01-31T17:00:00Z'
    expect(matches({ referredAt, at: '2026-02-28T16:59:59.999Z' }, window)).toBe(1)
    expect(matches({ referredAt, at: '2026-02-28T17:00:00.000Z' }, window)).toBe(0)
  })

  test('in calendar months is clipped to the last day of a shorter month', () => {
    const window = { window: { months: 1 } }
    const referredAt = '2026-01-31T04:00:00Z'
    expect(matches({ referredAt, at: '2026-02-28T03:59:59.999Z' }, window)).toBe(1)
    expect(matches({ referredAt, at: '2026-02-28T04:00:00.000Z' }, window)).toBe(0)
  })

  test('in days counts 24 hours also where the clocks change', () => {
    const terms = termsOf([share({ window: { days: 1 } })], { timeZone: 'Europe/Berlin' })
    const fact = (time: string) => referred('t', { minor: 1n, at: time, referredAt: '2026-03-28T12:00:00Z' })
    expect(matchRules(rulesInOrder(terms), fact('2026-03-29T11:59:59.999Z'), JUDGING)).toHaveLength(1)
    expect(matchRules(rulesInOrder(terms), fact('2026-03-29T12:00:00.000Z'), JUDGING)).toHaveLength(0)
  })
})

describe('the filter', () => {
  const product = { source: 'catalogue', externalId: 'F1' }
  const filter = { category: ['fund'], market: ['CN'], campaign: ['spring'], product: [product] }
  const fact = { at, category: 'fund', market: 'CN', campaign: 'spring', product }

  test('lets a fact pass that is in every list', () => {
    expect(matches(fact, { filter })).toBe(1)
  })

  test.each([
    ['category', { category: 'bond' }],
    ['market', { market: 'HK' }],
    ['campaign', { campaign: 'autumn' }],
    ['product', { product: { source: 'elsewhere', externalId: 'F1' } }],
  ])('stops a fact of another %s', (_name, other) => {
    expect(matches({ ...fact, ...other }, { filter })).toBe(0)
  })

  test('stops a fact of which a filtered property is unknown', () => {
    expect(matches({ at }, { filter: { market: ['CN'] } })).toBe(0)
  })

  test('with empty lists lets all pass', () => {
    expect(matches({ at }, { filter: { category: [], market: [], campaign: [], product: [] } })).toBe(1)
  })

  test('an event of another base is no fact of the rule', () => {
    expect(matches({ at, base: 'VOLUME' })).toBe(0)
    expect(matches({ at, base: 'VOLUME' }, { base: 'VOLUME' })).toBe(1)
  })
})

describe('several rules', () => {
  test('meet a fact by priority, then by place', () => {
    const terms = termsOf([share({ priority: 3 }), share({ priority: 1 }), share({ priority: 3 })])
    const places = matchRules(rulesInOrder(terms), referred('t', { minor: 1n, at }), JUDGING).map(
      ({ placed }) => placed.place,
    )
    expect(places).toEqual([1, 0, 2])
  })

  test('after an exclusive match stop for that fact, also when it earns zero', () => {
    const terms = termsOf([
      share({ priority: 1, exclusive: true, ratePpm: 0n, filter: { market: ['CN'] } }),
      share({ priority: 2 }),
    ])
    const facts = [referred('a', { minor: 1000n, at, market: 'CN' }), referred('b', { minor: 1000n, at, market: 'HK' })]
    expect(split(terms, facts).map(({ total, amounts }) => ({ total, amounts }))).toEqual([
      { total: 0n, amounts: [0n] },
      { total: 200n, amounts: [200n] },
    ])
  })
})

function matches(parts: Omit<EventParts, 'minor'>, rule: Parameters<typeof share>[0] = {}): number {
  return matchRules(rulesInOrder(termsOf([share(rule)])), referred('t', { minor: 100n, ...parts }), JUDGING).length
}
