import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Band, type MaskPolicy, maskOf } from '../../customers/masking.ts'

const integers = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n })

/** A policy of ascending bounds and a threshold, and the labels of its bands. */
const numbers = fc
  .record({ bounds: fc.uniqueArray(integers, { minLength: 1, maxLength: 8 }), atLeast: integers })
  .map(({ bounds, atLeast }) => {
    const ascending = bounds.toSorted((a, b) => (a < b ? -1 : 1))
    const bands: Band[] = [...ascending.map((upTo, index) => ({ upTo: String(upTo), label: `band ${index}` }))]
    const policy: MaskPolicy = {
      type: 'INTEGER',
      bands: [...bands, { label: 'the rest' }],
      flag: { atLeast: String(atLeast) },
    }
    return { ascending, atLeast, policy }
  })

describe('a band', () => {
  it('is a label of the policy, whatever the value', () => {
    fc.assert(
      fc.property(numbers, integers, ({ policy }, value) => {
        const labels = policy.bands?.map(({ label }) => label)
        expect(labels).toContain(maskOf(policy)('band', String(value)))
      }),
    )
  })

  it('is the same for all values between two bounds: the value cannot be told from it', () => {
    fc.assert(
      fc.property(numbers, integers, integers, ({ policy, ascending }, a, b) => {
        const together = !ascending.some((bound) => a <= bound !== b <= bound)
        const mask = maskOf(policy)
        expect(mask('band', String(a)) === mask('band', String(b))).toBe(together)
      }),
    )
  })

  it('takes its upper bound in, exactly, where a float would round', () => {
    const mask = maskOf({ type: 'DECIMAL', bands: [{ upTo: '9007199254740992.999', label: 'low' }, { label: 'high' }] })
    expect(mask('band', '9007199254740992.999')).toBe('low')
    expect(mask('band', '9007199254740993')).toBe('high')
    expect(mask('band', '9007199254740992.9990000001')).toBe('high')
  })

  it('follows the order of an ENUM’s values and of days', () => {
    const level = maskOf({
      type: 'ENUM',
      values: ['LOW', 'MID', 'HIGH'],
      bands: [{ upTo: 'MID', label: 'a' }, { label: 'b' }],
    })
    expect(['LOW', 'MID', 'HIGH'].map((value) => level('band', value))).toEqual(['a', 'a', 'b'])
    const day = maskOf({ type: 'DATE', bands: [{ upTo: '1999-12-31', label: 'before 2000' }, { label: 'after' }] })
    expect(['1999-12-31', '2000-01-01'].map((value) => day('band', value))).toEqual(['before 2000', 'after'])
  })
})

describe('a flag', () => {
  it('says only on which side of the threshold a value is', () => {
    fc.assert(
      fc.property(numbers, integers, ({ policy, atLeast }, value) => {
        expect(maskOf(policy)('flag', String(value))).toBe(String(value >= atLeast))
      }),
    )
  })

  it('says only whether a value is one of some', () => {
    const mask = maskOf({ type: 'ENUM', values: ['A', 'B', 'C'], flag: { in: ['A', 'C'] } })
    expect(['A', 'B', 'C'].map((value) => mask('flag', value))).toEqual(['true', 'false', 'true'])
  })
})

describe('a mask', () => {
  it('gives nothing coarse of a text that is no value, and never the text', () => {
    fc.assert(
      fc.property(fc.constantFrom('INTEGER', 'DECIMAL', 'DATE', 'ENUM'), fc.string(), (type, text) => {
        const mask = maskOf({ type, values: ['X1', 'X2'], bands: [{ label: 'all' }], flag: { in: ['X1'] } })
        expect(['all', undefined]).toContain(mask('band', text))
        expect(['true', 'false', undefined]).toContain(mask('flag', text))
      }),
    )
  })

  it('gives nothing at a granularity for which the policy has no rule', () => {
    const mask = maskOf({ type: 'INTEGER' })
    expect([mask('band', '5'), mask('flag', '5'), mask('exact', '5')]).toEqual([undefined, undefined, '5'])
  })
})
