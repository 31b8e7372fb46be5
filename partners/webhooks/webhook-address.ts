import { isIP } from 'node:net'
import { Fault } from '../../kernel/fault.ts'
import { isPublicAddress } from './public-address.ts'

const LONGEST = 500

/**
 * An address at which a partner can be told: https, with a name or a public address, without a user or a fragment. Where
 * private ones are let in (development), http to anywhere as well. Throws `INVALID_INPUT`.
 */
export function parseWebhookAddress(text: string, { privateToo }: { readonly privateToo: boolean }): string {
  const url = text.length <= LONGEST ? URL.parse(text) : null
  if (url === null) throw refused(`an address of at most ${LONGEST} characters, such as https://partner.example/hooks`)
  if (url.protocol !== 'https:' && !(privateToo && url.protocol === 'http:')) throw refused('its scheme is https')
  if (url.username !== '' || url.password !== '') throw refused('it has no user and no password')
  if (url.hash !== '') throw refused('it has no fragment')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!privateToo && isIP(host) !== 0 && !isPublicAddress(host)) throw refused('its host is a public address')
  if (!privateToo && isIP(host) === 0 && !/\.[a-z0-9-]+\.?$/i.test(host)) throw refused('its host is a full name')
  return url.href
}

function refused(what: string): Fault {
  return new Fault('INVALID_INPUT', `url: ${what}`, { field: 'url' })
}
