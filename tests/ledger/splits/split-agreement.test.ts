import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { round } from '../../../kernel/rational.ts'
import type { EventCase } from '../../../ledger/splits/fact-case.ts'
import { rulesInOrder } from '../../../ledger/splits/match-rules.ts'
import type { RuleSplit } from '../../../ledger/splits/split-agreement.ts'
import { amountsByEvent, referred, reversed, share, split, splitUnder, termsOf } from './facts.ts'

const at = '2026-01-20T00:00:00Z'

const minor = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n })
const facts = fc
  .array(fc.record({ minor, market: fc.constantFrom('CN', 'HK', undefined) }), { maxLength: 25 })
  .map((list) => list.map((parts, index) => referred(`t${index}`, { at, minor: parts.minor, ...market(parts.market) })))
const rate = fc.bigInt({ min: 0n, max: 1_000_000n })
const rules = fc.array(
  fc.record({ ratePpm: rate, exclusive: fc.boolean(), filter: fc.constantFrom({}, { market: ['CN'] }) }),
  { minLength: 1, maxLength: 4 },
)
const limits = fc.record(
  { maxSharePpm: rate, capPerPeriod: fc.bigInt({ min: 0n, max: 10n ** 15n }) },
  { requiredKeys: [] },
)
const terms = fc.tuple(rules, limits).map(([list, allowed]) =>
  termsOf(
    list.map((rule, priority) => share({ ...rule, priority })),
    { limits: allowed },
  ),
)
const unlimited = rules.map((list) => termsOf(list.map((rule, priority) => share({ ...rule, priority }))))

describe('properties', () => {
  test('the lines of a rule sum to its total, whatever caps and limits do', () => {
    fc.assert(
      fc.property(terms, facts, (version, list) => {
        for (const { total, amounts } of split(version, list)) expect(sum(amounts)).toBe(total)
      }),
    )
  })

  test('without caps and limits a total is the exact sum, rounded once', () => {
    fc.assert(
      fc.property(unlimited, facts, (version, list) => {
        for (const { total, exact, forgone } of split(version, list)) {
          expect(total).toBe(round(exact))
          expect(forgone).toBe(0n)
        }
      }),
    )
  })

  test('the order of the facts moves no amount', () => {
    fc.assert(
      fc.property(terms, facts, fc.infiniteStream(fc.nat()), (version, list, random) => {
        const shuffled = list.map((fact) => [random.next().value, fact] as const)
        const other = shuffled.sort(([a], [b]) => Number(a) - Number(b)).map(([, fact]) => fact)
        for (const { place } of rulesInOrder(version)) {
          expect(amountsByEvent(version, other, place)).toEqual(amountsByEvent(version, list, place))
        }
      }),
    )
  })

  test('facts together with all their reversals give zero', () => {
    fc.assert(
      fc.property(terms, facts, (version, list) => {
        for (const { total } of split(version, [...list, ...reversed(list, '-reversed')])) expect(total).toBe(0n)
      }),
    )
  })

  test('without a cap, opposite facts give opposite amounts', () => {
    const oneSign = facts.map((list) => list.map(withoutSign))
    const uncapped = fc.tuple(rules, rate).map(([list, maxSharePpm]) =>
      termsOf(
        list.map((rule, priority) => share({ ...rule, priority })),
        { limits: { maxSharePpm } },
      ),
    )
    fc.assert(
      fc.property(uncapped, oneSign, (version, list) => {
        expect(plain(split(version, reversed(list)))).toEqual(plain(split(version, list)).map(opposite))
      }),
    )
    fc.assert(
      fc.property(unlimited, facts, (version, list) => {
        const totals = split(version, list).map(({ total }) => -total)
        expect(split(version, reversed(list)).map(({ total }) => total)).toEqual(totals)
      }),
    )
  })

  test('an agreement never earns more than its cap', () => {
    fc.assert(
      fc.property(terms, facts, (version, list) => {
        const cap = version.terms.limits.capPerPeriod
        const together = sum(split(version, list).map(({ total }) => total))
        // rules that stay below the cap are rounded each by itself
        if (cap !== undefined) expect(together).toBeLessThanOrEqual(cap + 4n)
      }),
    )
  })
})

describe('the limit over stacked rules', () => {
  const stacked = (maxSharePpm: bigint) =>
    termsOf([share({ ratePpm: 300_000n, priority: 1 }), share({ ratePpm: 400_000n, priority: 2 })], {
      limits: { maxSharePpm },
    })

  test('shares what it allows, rounded down, by the exact amounts', () => {
    // 30 % and 40 % of 1001 against 50 %: 500 in the proportion of 3 to 4
    const result = split(stacked(500_000n), [referred('a', { minor: 1001n, at })])
    expect(plain(result)).toEqual([
      { total: 214n, amounts: [214n] },
      { total: 286n, amounts: [286n] },
    ])
    expect(result.map(({ forgone }) => forgone)).toEqual([86n, 114n])
  })

  test('leaves rules alone that stay within it', () => {
    expect(plain(split(stacked(700_000n), [referred('a', { minor: 1001n, at })]))).toEqual([
      { total: 300n, amounts: [300n] },
      { total: 400n, amounts: [400n] },
    ])
  })

  test('looks only at facts that several rules share', () => {
    const terms = termsOf(
      [
        share({ ratePpm: 300_000n, priority: 1 }),
        share({ ratePpm: 400_000n, priority: 2, filter: { market: ['CN'] } }),
      ],
      { limits: { maxSharePpm: 350_000n } },
    )
    const list = [referred('a', { minor: 1000n, at, market: 'CN' }), referred('b', { minor: 1000n, at, market: 'HK' })]
    expect(plain(split(terms, list))).toEqual([
      { total: 450n, amounts: [150n, 300n] },
      { total: 200n, amounts: [200n] },
    ])
  })

  test('takes back with refunds no more than it gave', () => {
    const gave = plain(split(stacked(500_000n), [referred('a', { minor: 1001n, at })]))
    const took = plain(split(stacked(500_000n), [referred('a', { minor: -1001n, at })]))
    expect(took).toEqual(gave.map(opposite))
  })

  test('comes before the agreement’s cap, which the rules share by what is left', () => {
    const terms = termsOf([share({ ratePpm: 300_000n, priority: 1 }), share({ ratePpm: 400_000n, priority: 2 })], {
      limits: { maxSharePpm: 500_000n, capPerPeriod: 70n },
    })
    const result = split(terms, [referred('a', { minor: 500n, at }), referred('b', { minor: 500n, at })])
    expect(plain(result)).toEqual([
      { total: 30n, amounts: [15n, 15n] },
      { total: 40n, amounts: [20n, 20n] },
    ])
    expect(result[0]?.adjustments.map(({ kind }) => kind)).toEqual(['STACKED_LIMIT', 'AGREEMENT_CAP'])
  })
})

test('a cap leaves a refund its full amount and shares the rest', () => {
  const terms = termsOf([share({ ratePpm: 1_000_000n })], { limits: { capPerPeriod: 1000n } })
  const list = [referred('a', { minor: 1500n, at }), referred('b', { minor: -100n, at })]
  expect(plain(split(terms, list))).toEqual([{ total: 1000n, amounts: [1100n, -100n] }])
})

test('rules of two versions of the terms are rounded and capped apart', () => {
  const rulesOf = [1, 2].map((version) =>
    rulesInOrder(termsOf([share({ ratePpm: 500_000n })], { version, limits: { capPerPeriod: 1n } })),
  )
  const list = [referred('a', { minor: 1n, at }), referred('b', { minor: 1n, at }), referred('c', { minor: 5n, at })]
  const result = splitUnder((fact) => rulesOf[fact.event.externalId === 'a' ? 0 : 1] ?? [], list)
  expect(result.map(({ placed, total }) => [placed.terms.version, total])).toEqual([
    [1, 0n],
    [2, 1n],
  ])
})

function market(value: string | undefined): { readonly market?: string } {
  return value === undefined ? {} : { market: value }
}

function withoutSign(fact: EventCase): EventCase {
  const { minor: amount } = fact.event
  return { ...fact, event: { ...fact.event, minor: amount < 0n ? -amount : amount } }
}

type Plain = { readonly total: bigint; readonly amounts: readonly bigint[] }

function plain(splits: readonly RuleSplit[]): readonly Plain[] {
  return splits.map(({ total, amounts }) => ({ total, amounts }))
}

function opposite({ total, amounts }: Plain): Plain {
  return { total: -total, amounts: amounts.map((amount) => -amount) }
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((all, amount) => all + amount, 0n)
}
