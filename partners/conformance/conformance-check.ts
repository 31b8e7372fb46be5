/** What a partner shows in a conformance run. A code is public and is never renamed. */
export const CONFORMANCE_CHECKS = [
  'TOKEN_WITH_DPOP',
  'REPLAY_REFUSED',
  'CONSENT_FLOW',
  'TAGS_READ',
  'CONTRIBUTION_IDEMPOTENT',
  'WEBHOOK_SIGNATURE',
  'REVOCATION_ACKNOWLEDGED',
] as const
export type ConformanceCode = (typeof CONFORMANCE_CHECKS)[number]

/** Where a check stands: not seen yet, right, or wrong. What was not seen when a run ends has failed. */
export const CHECK_STATUSES = ['WAITING', 'PASSED', 'FAILED'] as const
export type CheckStatus = (typeof CHECK_STATUSES)[number]

/** One check of a run. */
export type ConformanceCheck = {
  readonly code: ConformanceCode
  readonly status: CheckStatus
  /** What was seen, or what is awaited, in a sentence. */
  readonly seen: string
  /** When it was seen, by the database's clock. */
  readonly at: Date | undefined
  /** Ids of what shows it: clients, consents, disclosures, contributions, endpoints, records. */
  readonly evidence: readonly string[]
}
