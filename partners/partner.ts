import type { Id } from '../kernel/ids.ts'

/** What a partner brings. */
export const PARTNER_KINDS = ['BANK', 'INSURER', 'SCENARIO', 'DATA', 'SERVICE'] as const
export type PartnerKind = (typeof PARTNER_KINDS)[number]

/** Where a partner stands in its life with us; what each status entails is in `duties.ts`. */
export const PARTNER_STATUSES = [
  'APPLIED',
  'ASSESSING',
  'SANDBOX',
  'LIVE',
  'SUSPENDED',
  'OFFBOARDING',
  'CLOSED',
  'REJECTED',
] as const
export type PartnerStatus = (typeof PARTNER_STATUSES)[number]

/** The form of a partner's code. */
export const PARTNER_CODE = /^[a-z][a-z0-9-]{1,39}$/

/** A partner; `synthetic` marks one that was made up for trials and demonstrations. */
export type Partner = {
  readonly id: Id<'ptr'>
  readonly code: string
  readonly name: string
  readonly kind: PartnerKind
  readonly status: PartnerStatus
  readonly synthetic: boolean
  /** Where it is (ISO 3166-1 alpha-2): what it reads goes there. */
  readonly jurisdiction: string
  readonly createdAt: Date
}
