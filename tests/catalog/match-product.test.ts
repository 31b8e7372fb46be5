import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchProduct } from '../../catalog/match-product.ts'
import type { Product } from '../../catalog/product.ts'
import { CUSTOMER_RISKS, isSuitable, PRODUCT_RISKS, type ProductRisk } from '../../catalog/suitability.ts'
import { possibleValues } from '../../customers/possible-values.ts'

const product = (risk: ProductRisk): Product => ({
  id: 'prd_0198c0de000070008000000000000001',
  source: 'shelf',
  externalId: 'a',
  name: 'Fund',
  category: 'FUND',
  risk,
  asset: 'CNY/2',
  attributes: {},
  status: 'ACTIVE',
  updatedAt: new Date(0),
})
const match = (levels: readonly string[], risk: ProductRisk, recommendations = true) => {
  const { suitability, recommended } = matchProduct(product(risk), { levels, recommendations })
  return { suitability, recommended }
}

const levelsOf = fc.subarray([...CUSTOMER_RISKS])
const risks = fc.constantFrom(...PRODUCT_RISKS)

describe('a product', () => {
  it('above what the customer may take is unsuitable, and not recommended: R4 to C2', () => {
    expect(match(['C2'], 'R4')).toEqual({ suitability: 'UNSUITABLE', recommended: false })
    expect(match(['C2'], 'R2')).toEqual({ suitability: 'SUITABLE', recommended: true })
  })

  it('is recommended to nobody of whom nothing is known, nor what is known is none of ours', () => {
    for (const levels of [[], ['C9'], ['C5', 'brave'], ['c5']]) {
      expect(match(levels, 'R1')).toEqual({ suitability: 'UNKNOWN', recommended: false })
    }
  })

  it('suits a range of levels when it suits each of them, and is unsuitable when it suits none', () => {
    expect(match(['C1', 'C2'], 'R1').suitability).toBe('SUITABLE')
    expect(match(['C1', 'C2'], 'R2').suitability).toBe('UNKNOWN')
    expect(match(['C1', 'C2'], 'R3').suitability).toBe('UNSUITABLE')
  })

  it('is never recommended to a customer whom it does not suit, whatever is known of them', () => {
    fc.assert(
      fc.property(levelsOf, risks, fc.boolean(), (levels, risk, wanted) => {
        const { recommended } = match(levels, risk, wanted)
        return !recommended || (wanted && levels.length > 0 && levels.every((level) => isSuitable(level, risk)))
      }),
    )
  })

  it('suits no more when less is known', () => {
    fc.assert(
      fc.property(levelsOf, levelsOf, risks, (some, others, risk) => {
        const more = [...new Set([...some, ...others])]
        return some.length === 0 || match(more, risk).suitability !== 'SUITABLE' || match(some, risk).recommended
      }),
    )
  })
})

describe('the values behind what was shared', () => {
  const policy = {
    type: 'ENUM',
    values: CUSTOMER_RISKS,
    bands: [{ upTo: 'C2', label: 'cautious' }, { label: 'bold' }],
    flag: { in: ['C4', 'C5'] },
  } as const

  it('are those that look the same', () => {
    expect(possibleValues(policy, { granularity: 'exact', value: 'C3' })).toEqual(['C3'])
    expect(possibleValues(policy, { granularity: 'band', value: 'cautious' })).toEqual(['C1', 'C2'])
    expect(possibleValues(policy, { granularity: 'flag', value: 'true' })).toEqual(['C4', 'C5'])
    expect(possibleValues(policy, { granularity: 'flag', value: 'false' })).toEqual(['C1', 'C2', 'C3'])
  })

  it('are none where a tag has no list of values, or the value is none of them', () => {
    expect(possibleValues({ type: 'INTEGER' }, { granularity: 'exact', value: '3' })).toEqual([])
    expect(possibleValues(policy, { granularity: 'exact', value: 'C9' })).toEqual([])
  })
})
