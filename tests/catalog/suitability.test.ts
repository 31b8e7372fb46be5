import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  CUSTOMER_RISKS,
  type CustomerRisk,
  isSuitable,
  PRODUCT_RISKS,
  type ProductRisk,
} from '../../catalog/suitability.ts'

const customers = fc.constantFrom(...CUSTOMER_RISKS)
const products = fc.constantFrom(...PRODUCT_RISKS)

describe('suitability', () => {
  it.each<[CustomerRisk, readonly ProductRisk[]]>([
    ['C1', ['R1']],
    ['C2', ['R1', 'R2']],
    ['C3', ['R1', 'R2', 'R3']],
    ['C4', ['R1', 'R2', 'R3', 'R4']],
    ['C5', ['R1', 'R2', 'R3', 'R4', 'R5']],
  ])('%s gets %j', (customer, suitable) => {
    expect(PRODUCT_RISKS.filter((product) => isSuitable(customer, product))).toEqual(suitable)
  })

  it('does not offer an R4 product to a C2 customer', () => {
    expect(isSuitable('C2', 'R4')).toBe(false)
  })

  it('never ends when a product carries less risk', () => {
    fc.assert(
      fc.property(customers, products, products, (customer, a, b) => {
        const [less, more] = a <= b ? [a, b] : [b, a]
        return !isSuitable(customer, more) || isSuitable(customer, less)
      }),
    )
  })

  it('never ends when a customer may take more risk', () => {
    fc.assert(
      fc.property(customers, customers, products, (a, b, product) => {
        const [less, more] = a <= b ? [a, b] : [b, a]
        return !isSuitable(less, product) || isSuitable(more, product)
      }),
    )
  })

  it('is R1 for everybody, and everything for C5', () => {
    fc.assert(
      fc.property(customers, products, (customer, product) => isSuitable(customer, 'R1') && isSuitable('C5', product)),
    )
  })
})
