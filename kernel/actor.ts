/** Who acts, as it stands in records: `partner:ptr_…`, `customer:cus_…`, `staff:alice`, `system:worker`. */
export type Actor = `${'partner' | 'customer' | 'staff' | 'system'}:${string}`
