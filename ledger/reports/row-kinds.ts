/** What something is owed to a partner for. */
export const PAYABLE_KINDS = ['STATEMENT', 'CARRIED', 'REWARDS'] as const
export type PayableKind = (typeof PAYABLE_KINDS)[number]

/** The way of a payment. */
export const RAILS = ['BANK', 'CHAIN'] as const
export type Rail = (typeof RAILS)[number]
