/** How much risk a customer may take, C1 the least; and how much a product carries, R1 the least. */
export const CUSTOMER_RISKS = ['C1', 'C2', 'C3', 'C4', 'C5'] as const
export type CustomerRisk = (typeof CUSTOMER_RISKS)[number]

export const PRODUCT_RISKS = ['R1', 'R2', 'R3', 'R4', 'R5'] as const
export type ProductRisk = (typeof PRODUCT_RISKS)[number]

/** Whether a product suits a customer; UNKNOWN where what is known of the customer does not say. */
export const SUITABILITIES = ['SUITABLE', 'UNSUITABLE', 'UNKNOWN'] as const
export type Suitability = (typeof SUITABILITIES)[number]

/**
 * Whether a product may be recommended to a customer: it carries no more risk than the customer may take, so C1 gets R1
 * alone. (Asset Management Association of China, matching of C1…C5 with R1…R5.)
 */
export function isSuitable(customer: CustomerRisk, product: ProductRisk): boolean {
  return PRODUCT_RISKS.indexOf(product) <= CUSTOMER_RISKS.indexOf(customer)
}

/**
 * Whether a product suits a customer of whom it is known that they are one of these levels: what holds for each of them
 * holds. Of a customer of whom nothing is known, nothing does.
 */
export function suitabilityOf(levels: readonly CustomerRisk[], product: ProductRisk): Suitability {
  if (levels.length === 0) return 'UNKNOWN'
  if (levels.every((level) => isSuitable(level, product))) return 'SUITABLE'
  return levels.some((level) => isSuitable(level, product)) ? 'UNKNOWN' : 'UNSUITABLE'
}
