import type { LifeStatus } from './consent.ts'

/**
 * Every move in the life of a consent. The database has the same table (`consent_moves`), and refuses any other move; a
 * status without moves is an end.
 */
export const CONSENT_MOVES: Readonly<Record<LifeStatus, readonly LifeStatus[]>> = {
  AWAITING: ['AUTHORISED', 'REJECTED', 'LAPSED'],
  AUTHORISED: ['SUSPENDED', 'CONSUMED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'],
  // its one use may have begun before it was suspended, and be recorded afterwards
  SUSPENDED: ['AUTHORISED', 'CONSUMED', 'EXPIRED', 'REVOKED', 'SUPERSEDED'],
  REJECTED: [],
  LAPSED: [],
  CONSUMED: [],
  EXPIRED: [],
  REVOKED: [],
  SUPERSEDED: [],
}

/** Whether a consent may go from one status to another. */
export function mayMove(from: LifeStatus, to: LifeStatus): boolean {
  return CONSENT_MOVES[from].includes(to)
}

/** Whether a consent in this status keeps its place: none other counts there. */
export function holdsPlace(status: LifeStatus): status is 'AUTHORISED' | 'SUSPENDED' {
  return status === 'AUTHORISED' || status === 'SUSPENDED'
}
