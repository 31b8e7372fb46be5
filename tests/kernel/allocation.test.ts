import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apportion, type ExactLine, roundOnce, shareOverLines, sumExact, type Weight } from '../../kernel/allocation.ts'
import { compareKeys } from '../../kernel/compare-keys.ts'
import { Fault } from '../../kernel/fault.ts'
import { rational, round, timesPpm } from '../../kernel/rational.ts'

const totals = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
const keys = fc.uniqueArray(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1, maxLength: 12 })
const weightsOf = (values: fc.Arbitrary<bigint>): fc.Arbitrary<readonly Weight[]> =>
  keys.chain((all) => fc.tuple(...all.map((key) => values.map((weight) => ({ key, weight })))))
const weights = weightsOf(fc.bigInt({ min: 0n, max: 10n ** 25n })).filter((all) =>
  all.some(({ weight }) => weight > 0n),
)
// small weights and totals meet ties often
const tied = weightsOf(fc.bigInt({ min: 0n, max: 2n })).filter((all) => all.some(({ weight }) => weight > 0n))
const cases = fc.oneof(fc.tuple(totals, weights), fc.tuple(fc.bigInt({ min: -30n, max: 30n }), tied))

const lines: fc.Arbitrary<readonly ExactLine[]> = keys.chain((all) =>
  fc.tuple(
    ...all.map((key) =>
      fc
        .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.constantFrom(1n, 2n, 3n, 1000n, 1_000_000n))
        .map(([numerator, denominator]) => ({ key, exact: rational(numerator, denominator) })),
    ),
  ),
)

describe('sharing by the largest remainder', () => {
  it('gives W12: 1000 over 333333, 333333 and 333334 is 333, 333 and 334', () => {
    expect(apportion(1000n, named([333_333n, 333_333n, 333_334n]))).toEqual([333n, 333n, 334n])
  })

  it.each([
    ['W6', 4301n, [14_002n, 7702n, 4102n], [2334n, 1284n, 683n]],
    ['W8', 7000n, [11n * 7n, 4n * 21n, 3n * 21n], [2406n, 2625n, 1969n]],
    ['W5, linear', 1000n, [1n, 1n, 1n, 1n], [250n, 250n, 250n, 250n]],
    ['ties', 2n, [1n, 1n, 1n], [1n, 1n, 0n]],
  ])('gives %s', (_, total, values, parts) => {
    expect(apportion(total, named(values))).toEqual(parts)
  })

  it('sums to the total', () => {
    fc.assert(fc.property(cases, ([total, all]) => sum(apportion(total, all)) === total))
  })

  it('is symmetric in sign', () => {
    fc.assert(
      fc.property(cases, ([total, all]) =>
        equal(
          apportion(-total, all),
          apportion(total, all).map((part) => -part),
        ),
      ),
    )
  })

  it('stays within one unit of the exact share, and gives a weight of zero nothing', () => {
    fc.assert(
      fc.property(cases, ([total, all]) => {
        const whole = all.reduce((so, { weight }) => so + weight, 0n)
        const magnitude = total < 0n ? -total : total
        return apportion(magnitude, all).every((part, index) => {
          const exact = magnitude * (all[index]?.weight ?? 0n)
          const off = part * whole - exact
          return off > -whole && off < whole && (exact > 0n || part === 0n)
        })
      }),
    )
  })

  it('gives each key the same whatever the order', () => {
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.nat()), ([total, all], order) => {
        const shuffled = [...all]
          .map((one) => ({ one, rank: order.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ one }) => one)
        return equalMaps(byKey(all, apportion(total, all)), byKey(shuffled, apportion(total, shuffled)))
      }),
    )
  })

  it('gives the heavier no less than the lighter', () => {
    fc.assert(
      fc.property(cases, ([total, all]) => {
        const parts = apportion(total < 0n ? -total : total, all)
        const ranked = all.map(({ weight }, index) => ({ weight, part: parts[index] ?? 0n }))
        return ranked.every((a) => ranked.every((b) => a.weight <= b.weight || a.part >= b.part))
      }),
    )
  })

  it('breaks ties by bytes, not by UTF-16: a private-use letter comes before an emoji', () => {
    const tie = [
      { key: '\u{1f600}', weight: 1n },
      { key: '\ue000', weight: 1n },
    ]
    expect(apportion(1n, tie)).toEqual([0n, 1n])
  })

  it('gives zeros of a total of zero, also where nobody has weight', () => {
    expect(apportion(0n, named([0n, 0n]))).toEqual([0n, 0n])
    expect(apportion(0n, [])).toEqual([])
  })

  it.each([
    ['a negative weight', 1n, [1n, -1n]],
    ['a negative weight of nothing', 0n, [1n, -1n]],
    ['weights of zero', 1n, [0n, 0n]],
    ['nobody', 1n, []],
  ])('refuses %s', (_, total, values) => {
    expect(() => apportion(total, named(values))).toThrow(Fault)
  })
})

describe('rounding once', () => {
  it('gives W1: 20 % of 1233, 998 and 58 is 458 as 247, 200 and 11', () => {
    expect(roundOnce(twentyPercent([1233n, 998n, 58n]))).toEqual({ total: 458n, amounts: [247n, 200n, 11n] })
  })

  it('gives W11: the same reversed is −458 as −247, −200 and −11', () => {
    expect(roundOnce(twentyPercent([-1233n, -998n, -58n]))).toEqual({ total: -458n, amounts: [-247n, -200n, -11n] })
  })

  it('shares lines of both signs in two groups', () => {
    // exact 246.6, 199.6, −11.6: the total 434.6 becomes 435, the refund −12, what is earned 447
    expect(roundOnce(twentyPercent([1233n, 998n, -58n]))).toEqual({ total: 435n, amounts: [247n, 200n, -12n] })
  })

  it('sums to the rounded sum of the exact lines', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const { total, amounts } = roundOnce(all)
        return total === round(sumExact(all)) && sum(amounts) === total
      }),
    )
  })

  it('is symmetric in sign where all lines have one sign', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const positive = all.map(({ key, exact }) => ({
          key,
          exact: { ...exact, numerator: exact.numerator < 0n ? -exact.numerator : exact.numerator },
        }))
        const negative = positive.map(({ key, exact }) => ({ key, exact: { ...exact, numerator: -exact.numerator } }))
        return equal(
          roundOnce(negative).amounts,
          roundOnce(positive).amounts.map((amount) => -amount),
        )
      }),
    )
  })

  it('never turns a line’s sign', () => {
    fc.assert(
      fc.property(lines, (all) =>
        roundOnce(all).amounts.every((amount, index) => amount * (all[index]?.exact.numerator ?? 0n) >= 0n),
      ),
    )
  })

  it('gives each key the same whatever the order', () => {
    fc.assert(
      fc.property(lines, (all) => {
        const turned = [...all].reverse()
        return equalMaps(byKey(all, roundOnce(all).amounts), byKey(turned, roundOnce(turned).amounts))
      }),
    )
  })

  it('gives nothing for no lines', () => {
    expect(roundOnce([])).toEqual({ total: 0n, amounts: [] })
  })
})

describe('sharing a total that was decided before', () => {
  it('sums to it', () => {
    fc.assert(
      fc.property(lines, totals, (all, total) => {
        fc.pre(all.some(({ exact }) => exact.numerator !== 0n))
        return sum(shareOverLines(total, all)) === total
      }),
    )
  })
})

describe('the order of keys', () => {
  it('is that of their UTF-8 bytes', () => {
    const sorted = ['b', 'a', '\u{1f600}', '\ue000', 'B', 'é', ''].sort(compareKeys)
    expect(sorted).toEqual(['', 'B', 'a', 'b', 'é', '\ue000', '\u{1f600}'])
  })
})

function named(values: readonly bigint[]): readonly Weight[] {
  return values.map((weight, index) => ({ key: String.fromCharCode(97 + index), weight }))
}

function twentyPercent(commissions: readonly bigint[]): readonly ExactLine[] {
  return commissions.map((commission, index) => ({ key: `t${index + 1}`, exact: timesPpm(commission, 200_000n) }))
}

function sum(parts: readonly bigint[]): bigint {
  return parts.reduce((all, part) => all + part, 0n)
}

function equal(a: readonly bigint[], b: readonly bigint[]): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index])
}

function byKey(all: readonly { readonly key: string }[], parts: readonly bigint[]): ReadonlyMap<string, bigint> {
  return new Map(all.map(({ key }, index) => [key, parts[index] ?? 0n]))
}

function equalMaps(a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>): boolean {
  return a.size === b.size && [...a].every(([key, part]) => b.get(key) === part)
}
