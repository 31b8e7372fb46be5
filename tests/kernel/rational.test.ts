import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, multiply, PPM, type Rational, rational, reduce, round, timesPpm } from '../../kernel/rational.ts'

const wide = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n })
const rationals = fc.tuple(wide, fc.bigInt({ min: 1n, max: 10n ** 20n })).map(([n, d]) => rational(n, d))

describe('rounding', () => {
  it.each([
    [1n, 2n, 0n],
    [3n, 2n, 2n],
    [5n, 2n, 2n],
    [-1n, 2n, 0n],
    [-3n, 2n, -2n],
    [-5n, 2n, -2n],
    [7n, 3n, 2n],
    [8n, 3n, 3n],
    [0n, 7n, 0n],
    [4578n, 10n, 458n],
  ])('takes %d/%d to %d', (numerator, denominator, rounded) => {
    expect(round(rational(numerator, denominator))).toBe(rounded)
  })

  it('is symmetric in sign', () => {
    fc.assert(fc.property(rationals, (x) => round(negated(x)) === -round(x)))
  })

  it('is never further off than a half, and even on a half', () => {
    fc.assert(
      fc.property(rationals, (x) => {
        const rounded = round(x)
        const off = absolute(x.numerator - rounded * x.denominator) * 2n
        return off < x.denominator || (off === x.denominator && rounded % 2n === 0n)
      }),
    )
  })

  it('grows with what it rounds', () => {
    fc.assert(
      fc.property(rationals, rationals, (a, b) => {
        const [less, more] = isAtMost(a, b) ? [a, b] : [b, a]
        return round(less) <= round(more)
      }),
    )
  })

  it('does not depend on how the number is written', () => {
    fc.assert(
      fc.property(
        rationals,
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        (x, k) => round(x) === round(rational(x.numerator * k, x.denominator * k)),
      ),
    )
  })
})

describe('exact numbers', () => {
  it('add and multiply in any order', () => {
    fc.assert(
      fc.property(rationals, rationals, (a, b) => same(add(a, b), add(b, a)) && same(multiply(a, b), multiply(b, a))),
    )
  })

  it('lose nothing in a sum', () => {
    fc.assert(fc.property(rationals, rationals, (a, b) => same(add(add(a, b), negated(b)), a)))
  })

  it('are the same in lowest terms', () => {
    fc.assert(
      fc.property(rationals, (x) => same(reduce(x), x) && reduce(reduce(x)).denominator === reduce(x).denominator),
    )
  })

  it('are in lowest terms as they should be', () => {
    expect(reduce(rational(-300_000n, PPM))).toEqual({ numerator: -3n, denominator: 10n })
    expect(reduce(rational(0n, 7n))).toEqual({ numerator: 0n, denominator: 1n })
  })

  it('carry their sign in the numerator', () => {
    expect(rational(1n, -2n)).toEqual({ numerator: -1n, denominator: 2n })
  })

  it('have a denominator', () => {
    expect(() => rational(1n, 0n)).toThrow('denominator')
  })

  it('take 20 % of 1233 as 246.6', () => {
    expect(same(timesPpm(1233n, 200_000n), rational(2466n, 10n))).toBe(true)
  })
})

function negated(x: Rational): Rational {
  return { numerator: -x.numerator, denominator: x.denominator }
}

function same(a: Rational, b: Rational): boolean {
  return a.numerator * b.denominator === b.numerator * a.denominator
}

function isAtMost(a: Rational, b: Rational): boolean {
  return a.numerator * b.denominator <= b.numerator * a.denominator
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value
}
