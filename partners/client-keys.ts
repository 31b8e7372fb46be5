import { addDays } from '../kernel/month.ts'
import type { Client } from './client.ts'
import type { PublicJwk } from './jwks.ts'

/** How long a client signs with the same keys before it should have others. */
export const KEY_DAYS = 365
/** How many days before that we say so. */
export const WARNING_DAYS = 30
/** How long the keys of before may go on being accepted. */
export const LONGEST_OVERLAP_DAYS = 90

type Keys = Pick<Client, 'jwks' | 'keysSince' | 'former'>

/** The keys with which a client may sign at this moment; of two under one name, the one that it has now. */
export function acceptedKeys({ jwks, former }: Keys, now: Date): readonly PublicJwk[] {
  if (former === undefined || former.until <= now) return jwks.keys
  const names = new Set(jwks.keys.map(({ kid }) => kid))
  return [...jwks.keys, ...former.jwks.keys.filter(({ kid }) => !names.has(kid))]
}

/** When a client should have other keys. */
export function keysDueAt({ keysSince }: Pick<Client, 'keysSince'>): Date {
  return addDays(keysSince, KEY_DAYS)
}

/** Keys that were given before then are due soon, or overdue. */
export function warnedBefore(now: Date): Date {
  return addDays(now, WARNING_DAYS - KEY_DAYS)
}

/** Whether a client is active and its keys are due soon, or overdue. */
export function areKeysDue({ status, keysSince }: Pick<Client, 'status' | 'keysSince'>, now: Date): boolean {
  return status === 'ACTIVE' && keysSince < warnedBefore(now)
}
