/** The kinds of refusal, each with one meaning at every door (HTTP status, GraphQL error, exit code). */
export type FaultKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'limit'
  | 'precondition'
  | 'unavailable'

/**
 * Every code that a caller may meet, and its kind. A code is public API: it is never renamed or reused.
 * A new refusal is a new line here, nowhere else.
 */
export const FAULT_CODES = {
  ACCOUNT_UNMAPPED: 'precondition',
  ALREADY_REVERSED: 'conflict',
  ASSET_MISMATCH: 'invalid',
  BODY_TOO_LARGE: 'limit',
  CHAIN_DIFFERS: 'conflict',
  CHAIN_REFUSED: 'precondition',
  CHAIN_UNAVAILABLE: 'unavailable',
  CHECKLIST_OPEN: 'precondition',
  CONFIG_INVALID: 'invalid',
  CONSENT_CHANGED: 'conflict',
  COST_TOO_HIGH: 'invalid',
  DATABASE_IN_USE: 'conflict',
  DATABASE_UNAVAILABLE: 'unavailable',
  DUPLICATE: 'conflict',
  FORBIDDEN: 'forbidden',
  HASH_MISMATCH: 'conflict',
  IDEMPOTENCY_CONFLICT: 'conflict',
  IDENTITY_UNAVAILABLE: 'unavailable',
  INSUFFICIENT_POINTS: 'precondition',
  INVALID_INPUT: 'invalid',
  MEANING_CHANGED: 'conflict',
  METHOD_NOT_ALLOWED: 'invalid',
  LEAD_BOUND: 'conflict',
  NOT_FOUND: 'not_found',
  NOTICE_CHANGED: 'conflict',
  NOT_READY: 'precondition',
  OVERLAP: 'conflict',
  PERIOD_LOCKED: 'precondition',
  PERIOD_NOT_OVER: 'precondition',
  SEAL_BROKEN: 'precondition',
  THROTTLED: 'limit',
  TIMEOUT: 'unavailable',
  UNAUTHENTICATED: 'unauthenticated',
  UNBALANCED: 'invalid',
  UNSUPPORTED: 'precondition',
  UNSUPPORTED_MEDIA_TYPE: 'invalid',
  WRONG_STATE: 'precondition',
} as const satisfies Readonly<Record<string, FaultKind>>

/** A stable code out of {@link FAULT_CODES}. */
export type FaultCode = keyof typeof FAULT_CODES
