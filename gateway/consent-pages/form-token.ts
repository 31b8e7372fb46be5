import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../../kernel/keyring.ts'

/**
 * What a form of ours carries so that no other site can send it: a MAC over the name of the interaction, which that site
 * cannot read. The cookie of the interaction, for its own path and SameSite, stands beside it.
 */
export function formToken(keyring: Keyring, uid: string): string {
  return createHmac('sha256', keyring.key('consent-forms')).update(uid).digest('base64url')
}

/** Whether a form came from our page for this interaction. */
export function isFormToken(keyring: Keyring, uid: string, token: string): boolean {
  const [expected, given] = [Buffer.from(formToken(keyring, uid)), Buffer.from(token)]
  return expected.length === given.length && timingSafeEqual(expected, given)
}
