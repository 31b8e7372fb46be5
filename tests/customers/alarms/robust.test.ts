import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allowedAfter, median, secondLargest, spread } from '../../../customers/alarms/robust.ts'

const counts = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 60 })
const rule = { floor: 50, factor: 3 }

describe('the median and the spread', () => {
  test('of numbers that are known', () => {
    expect([median([]), median([7]), median([9, 1, 5]), median([1, 2, 3, 10])]).toEqual([0, 7, 5, 2.5])
    expect(spread([1, 2, 3, 4, 100])).toBeCloseTo(1.4826)
    expect([secondLargest([]), secondLargest([4]), secondLargest([4, 9, 9])]).toEqual([0, 0, 9])
  })

  test('do not depend on the order, and follow the unit', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 2, max: 9 }), (values, times) => {
        const larger = values.map((value) => value * times)
        expect(median(values.toReversed())).toBe(median(values))
        expect(median(larger)).toBeCloseTo(times * median(values))
        expect(spread(larger)).toBeCloseTo(times * spread(values))
      }),
    )
  })

  test('as many values lie on one side of the median as on the other', () => {
    fc.assert(
      fc.property(counts, (values) => {
        const middle = median(values)
        const half = values.length / 2
        expect(values.filter((value) => value < middle).length).toBeLessThanOrEqual(half)
        expect(values.filter((value) => value > middle).length).toBeLessThanOrEqual(half)
      }),
    )
  })
})

describe('what is still ordinary', () => {
  test('is never below the floor, nor below any usual value', () => {
    fc.assert(
      fc.property(counts, (past) => {
        const allowed = allowedAfter(past, rule)
        expect(allowed).toBeGreaterThanOrEqual(rule.floor)
        if (past.length >= 3) expect(allowed).toBeGreaterThanOrEqual(3 * median(past))
      }),
    )
  })

  test('is not moved by a minority of days, whatever an attacker does on them', () => {
    const usual = fc.array(fc.integer({ min: 80, max: 120 }), { minLength: 21, maxLength: 60 })
    const odd = fc.array(fc.nat(10_000_000), { maxLength: 9 })
    fc.assert(
      fc.property(usual, odd, (ordinary, attack) => {
        expect(allowedAfter([...ordinary, ...attack], rule)).toBeLessThanOrEqual(420)
      }),
    )
  })

  test('is the floor alone for somebody without a past', () => {
    expect(allowedAfter([9000, 9000], rule)).toBe(50)
    expect(allowedAfter([9000, 9000, 9000], rule)).toBe(27_000)
  })
})
