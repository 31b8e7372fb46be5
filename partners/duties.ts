import type { PartnerStatus } from './partner.ts'

/** What a partner may do and is owed in one status. */
export type Duties = {
  /** Tags are disclosed to it under consent. */
  readonly discloses: boolean
  /** Disclosures and consents are for synthetic customers only. */
  readonly syntheticOnly: boolean
  /** A customer may give it a new consent. Withdrawing one works in every status. */
  readonly consents: boolean
  /** It may report contributions. */
  readonly reports: boolean
  /** Its contributions earn. */
  readonly accrues: boolean
  /** What it earned is paid; otherwise payouts are on hold. */
  readonly pays: boolean
  /** Its clients are given tokens, and tokens given before are still good. */
  readonly tokens: boolean
  /** It is sent webhooks: also while suspended, so that it hears of withdrawn consents. */
  readonly webhooks: boolean
}

const NONE: Duties = {
  discloses: false,
  syntheticOnly: false,
  consents: false,
  reports: false,
  accrues: false,
  pays: false,
  tokens: false,
  webhooks: false,
}

/**
 * Status × duty, the one table of it; the view `partner_duties` says the same in SQL. The idea is that of the participant
 * statuses of the Consumer Data Standards: who may be disclosed to follows from the status alone.
 */
export const PARTNER_DUTIES = {
  APPLIED: NONE,
  ASSESSING: NONE,
  SANDBOX: {
    ...NONE,
    discloses: true,
    syntheticOnly: true,
    consents: true,
    reports: true,
    tokens: true,
    webhooks: true,
  },
  LIVE: {
    discloses: true,
    syntheticOnly: false,
    consents: true,
    reports: true,
    accrues: true,
    pays: true,
    tokens: true,
    webhooks: true,
  },
  SUSPENDED: { ...NONE, webhooks: true },
  // what it had earned until it left is still settled, paid, and open to its own check
  OFFBOARDING: { ...NONE, accrues: true, pays: true, tokens: true, webhooks: true },
  CLOSED: NONE,
  REJECTED: NONE,
} as const satisfies Readonly<Record<PartnerStatus, Duties>>

/** The duties of a status. */
export function dutiesOf(status: PartnerStatus): Duties {
  return PARTNER_DUTIES[status]
}
