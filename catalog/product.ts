import type { Id } from '../kernel/ids.ts'
import type { Asset } from '../kernel/money.ts'
import type { ProductRisk } from './suitability.ts'

/** A withdrawn product is no longer offered; facts may still speak of it. */
export const PRODUCT_STATUSES = ['ACTIVE', 'WITHDRAWN'] as const
export type ProductStatus = (typeof PRODUCT_STATUSES)[number]

/** What the broker says of a product, known to it as `externalId` within `source`. */
export type ProductDetails = {
  readonly source: string
  readonly externalId: string
  readonly name: string
  readonly category: string
  readonly risk: ProductRisk
  readonly asset: Asset
  /** The partner who provides it. */
  readonly providerPartner?: Id<'ptr'>
  readonly attributes: Readonly<Record<string, string>>
  readonly status: ProductStatus
}

/** A product of the catalogue. */
export type Product = ProductDetails & { readonly id: Id<'prd'>; readonly updatedAt: Date }
