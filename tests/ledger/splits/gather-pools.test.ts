import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sumExact } from '../../../kernel/allocation.ts'
import { rational, round } from '../../../kernel/rational.ts'
import type { PoolSplit } from '../../../ledger/agreements/terms.ts'
import { gatherPools, type PoolPart } from '../../../ledger/splits/gather-pools.ts'
import { pool } from './cases.ts'

const housed = (housePpm: bigint): PoolSplit => pool({ housePpm })

function sharesOf(
  rule: PoolSplit,
  parts: readonly Omit<PoolPart, 'rule' | 'holder'>[],
): Readonly<Record<string, bigint>> {
  const pools = gatherPools()
  for (const part of parts) pools.add({ rule, holder: part.code, ...part })
  return Object.fromEntries(pools.decide().get(rule) ?? [])
}

const third = (numerator: bigint): { gross: { numerator: bigint; denominator: bigint } } => ({
  gross: rational(numerator, 3n),
})

describe('a pool', () => {
  test('is rounded once, and what is left over goes to the largest remainders, ties to the smaller code', () => {
    const parts = ['b', 'a', 'c'].map((code) => ({ code, ...third(1000n), claimed: true }))
    expect(sharesOf(housed(0n), parts)).toEqual({ a: 334n, b: 333n, c: 333n })
  })

  test('gives the house its part first, rounded down', () => {
    const parts = [{ code: 'a', gross: rational(1001n), claimed: true }]
    expect(sharesOf(housed(333_333n), parts)).toEqual({ a: 668n })
  })

  test('leaves what nobody claims with the house, and changes no other part by it', () => {
    const claimed = (c: boolean) =>
      ['a', 'b', 'c'].map((code) => ({ code, ...third(999n), claimed: code !== 'c' || c }))
    expect(sharesOf(housed(0n), claimed(true))).toEqual({ a: 333n, b: 333n, c: 333n })
    expect(sharesOf(housed(0n), claimed(false))).toMatchObject({ a: 333n, b: 333n, '': 333n })
  })

  test('gives a unit that is left over to who would have it if all were claimed', () => {
    const parts = ['a', 'b', 'c'].map((code) => ({ code, ...third(1000n), claimed: code !== 'c' }))
    expect(sharesOf(housed(0n), parts)).toEqual({ a: 334n, b: 333n, c: 0n, '': 333n })
  })

  test('parts what a holder has into what it claims and what it does not, without moving a unit of anybody else', () => {
    const half = (code: string, claimed: boolean, numerator: bigint) => ({
      code,
      gross: rational(numerator, 2n),
      claimed,
    })
    const others = [half('b', true, 1n), half('c', true, 1n)]
    const parts = [half('a', true, 3n), half('a', false, 3n), ...others]
    expect(sharesOf(housed(0n), [half('a', true, 6n), ...others])).toEqual({ a: 3n, b: 1n, c: 0n })
    expect(sharesOf(housed(0n), parts)).toEqual({ a: 2n, '': 1n, b: 1n, c: 0n })
  })

  const someParts = (least: bigint) =>
    fc.array(
      fc.record({
        code: fc.constantFrom('a', 'b', 'c', 'd'),
        gross: fc.tuple(fc.bigInt(least, 10n ** 12n), fc.bigInt(1n, 97n)).map(([n, d]) => rational(n, d)),
        claimed: fc.boolean(),
      }),
      { minLength: 1, maxLength: 20 },
    )
  const ppm = fc.bigInt(0n, 1_000_000n)
  const sumOf = (shares: Readonly<Record<string, bigint>>) => Object.values(shares).reduce((all, one) => all + one, 0n)

  test('is given away whole, whatever the order, sign and size of its parts', () => {
    fc.assert(
      fc.property(someParts(-(10n ** 12n)), ppm, (parts, housePpm) => {
        const rule = housed(housePpm)
        const shares = sharesOf(rule, parts)
        const whole = round(sumExact(parts.map(({ gross }) => ({ key: '', exact: gross }))))
        expect(sumOf(shares)).toBe(whole - (whole * housePpm) / 1_000_000n)
        expect(sharesOf(rule, parts.toReversed())).toEqual(shares)
      }),
    )
  })

  test('of parts of one sign is shared the same with the other sign', () => {
    fc.assert(
      fc.property(someParts(0n), ppm, (parts, housePpm) => {
        const shares = sharesOf(housed(housePpm), parts)
        const negated = parts.map((one) => ({ ...one, gross: rational(-one.gross.numerator, one.gross.denominator) }))
        const negative = sharesOf(housed(housePpm), negated)
        for (const [code, share] of Object.entries(shares)) expect(negative[code]).toBe(-share)
      }),
    )
  })
})
