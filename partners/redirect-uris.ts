import { z } from 'zod'

const MOST_URIS = 10
const LONGEST_URI = 500
const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

const redirectUri = z.string().max(LONGEST_URI).refine(isSafe, {
  error: 'it is an https address in its usual form, or http on this machine for development, without a fragment',
})

/**
 * Where a client's browser may be sent back to: up to ten addresses, compared letter by letter. `https`, or `http` on
 * loopback for development (RFC 8252 §7.3); no fragment, no user name, none that a browser would write differently.
 */
export const redirectUris = z
  .array(redirectUri)
  .max(MOST_URIS)
  .refine((uris) => new Set(uris).size === uris.length, 'an address stands twice')

function isSafe(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || url.username !== '' || url.password !== '' || text.includes('#') || text.includes('*'))
    return false
  if (url.href !== text && url.href !== `${text}/`) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.includes(url.hostname))
}
