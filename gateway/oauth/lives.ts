import type { AuthorizationDetail } from 'oidc-provider'

/** Life of an authorization code. */
export const CODE_LIFE_SECONDS = 60
/** How long we remember what a customer was asked. */
export const INTERACTION_LIFE_SECONDS = 3600

/** Whole seconds until the last of the granted consents ends, at least one: a refresh token lives no longer. */
export function untilConsentEnds(granted: readonly AuthorizationDetail[] = [], now: number = Date.now()): number {
  const ends = granted.map(({ expires }) => Date.parse(String(expires)))
  return Math.max(1, Math.floor((Math.max(0, ...ends) - now) / 1000))
}
