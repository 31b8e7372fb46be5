import type { Id } from '../kernel/ids.ts'
import type { SharedTag } from './granularity.ts'

/** Only AUTHORISED lets anybody read; the others have ended and stay so. */
export type ConsentStatus = 'AUTHORISED' | 'REVOKED' | 'SUPERSEDED' | 'EXPIRED'

/** How the customer agreed: the wording shown (SHA-256, hexadecimal), its language, and where. */
export type Evidence = {
  readonly textHash?: string | undefined
  readonly locale: string
  readonly channel: string
}

/** What one customer lets one partner read, for one purpose, until when. */
export type Consent = {
  readonly id: Id<'cns'>
  readonly partnerId: Id<'ptr'>
  readonly purpose: string
  /** EXPIRED as soon as the database's clock says so. */
  readonly status: ConsentStatus
  readonly tags: readonly SharedTag[]
  /** The partner's pseudonym for the customer. */
  readonly subject: string
  readonly grantedAt: Date
  readonly expiresAt: Date
  /** When it stopped to count, for whatever reason. */
  readonly endedAt: Date | undefined
  /** The same, if the customer ended it. */
  readonly revokedAt: Date | undefined
  /** The record that made it what it is. */
  readonly record: Id<'rec'>
}

/** The longest life of a consent, in calendar months: whoever wants more asks the customer again. */
export const LONGEST_CONSENT_MONTHS = 12

/** How far ahead another machine's clock may be when it reckons the longest life. */
export const CLOCK_TOLERANCE_MINUTES = 5
