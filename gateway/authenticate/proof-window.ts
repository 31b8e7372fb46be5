/** A DPoP proof is good for a minute after it was made… */
export const PROOF_LIFE_SECONDS = 60
/** …and may be dated a little ahead: clocks differ. */
export const PROOF_AHEAD_SECONDS = 30

/** Whether a proof made at `iat` (seconds) is fresh. Source: RFC 9449 §11.1. */
export function isFreshProof(iat: number, now: Date): boolean {
  const age = now.getTime() / 1000 - iat
  return age <= PROOF_LIFE_SECONDS && age >= -PROOF_AHEAD_SECONDS
}
