import type { Product } from './product.ts'
import { CUSTOMER_RISKS, type CustomerRisk, type Suitability, suitabilityOf } from './suitability.ts'

/** A product as it stands to one customer. */
export type ProductMatch = {
  readonly product: Product
  readonly suitability: Suitability
  /** It suits, and the customer wants to be recommended something. */
  readonly recommended: boolean
}

/** What is known of a customer: the levels of risk that they may be of, and whether they want recommendations. */
export type MatchedCustomer = { readonly levels: readonly string[]; readonly recommendations: boolean }

/** Matches a product with a customer. What does not suit is never recommended, and nor is what is not known to. */
export function matchProduct(product: Product, { levels, recommendations }: MatchedCustomer): ProductMatch {
  const suitability = suitabilityOf(risksOf(levels), product.risk)
  return { product, suitability, recommended: suitability === 'SUITABLE' && recommendations }
}

/** A level that is none of ours says nothing, and so nothing is known. */
function risksOf(levels: readonly string[]): readonly CustomerRisk[] {
  const known = CUSTOMER_RISKS.filter((risk) => levels.includes(risk))
  return known.length === levels.length ? known : []
}
