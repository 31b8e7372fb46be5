import { lookup as systemLookup } from 'node:dns/promises'
import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from '../../partners/webhooks/public-address.ts'
import type { SendWebhook, WebhookAnswer } from '../../partners/webhooks/send-due.ts'
import type { WebhookRequest } from '../../partners/webhooks/signed-request.ts'

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>

export type SenderSettings = {
  /** Lets private addresses and http through: in development alone. */
  readonly privateToo: boolean
  /** In place of the system's. */
  readonly resolve?: Resolve
}

const TIMEOUT_MS = 10_000
const REFUSED = 'ADDRESS_REFUSED'

/**
 * Sends webhooks. A name is resolved once, and the connection goes to an address that was looked at: where any of a name's
 * addresses is not public there is none, so that a name cannot change its mind in between. No redirect is followed, nothing
 * of an answer but its status is read, and ten seconds are all it may take.
 */
export function webhookSender({ privateToo, resolve = systemResolve }: SenderSettings): SendWebhook {
  const lookup = guardedLookup(privateToo, resolve)
  return (asked) => post(asked, { privateToo, lookup }).catch((error: unknown) => ({ failed: nameOf(error) }))
}

async function post(
  { url, headers, body }: WebhookRequest,
  { privateToo, lookup }: { readonly privateToo: boolean; readonly lookup: LookupFunction },
): Promise<WebhookAnswer> {
  const { protocol, hostname } = new URL(url)
  const host = hostname.replace(/^\[|\]$/g, '')
  // an address is not looked up, so it is looked at here
  if (!privateToo && (protocol !== 'https:' || (isIP(host) !== 0 && !isPublicAddress(host)))) return { failed: REFUSED }
  const request = protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'Tributary-Webhooks/1' },
      agent: false,
      lookup,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    sent.once('response', (answer) => {
      resolve({ status: answer.statusCode ?? 0 })
      // whatever else there is of it is none of our business
      answer.destroy()
    })
    sent.once('error', reject)
    // an answer that changes the protocol (101) is neither a response nor an error: node closes, and says no more
    sent.once('close', () => resolve({ failed: 'CLOSED' }))
    sent.end(body)
  })
}

function guardedLookup(privateToo: boolean, resolve: Resolve): LookupFunction {
  return (name, options, callback) => {
    resolve(name).then(
      (addresses) => {
        const [first] = addresses
        if (first === undefined || (!privateToo && !addresses.every(isPublicAddress))) {
          callback(Object.assign(new Error('the name is of an address that is refused'), { code: REFUSED }), '', 0)
          return
        }
        if (options.all === true)
          callback(
            null,
            addresses.map((address) => ({ address, family: isIP(address) })),
          )
        else callback(null, first, isIP(first))
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    )
  }
}

async function systemResolve(name: string): Promise<readonly string[]> {
  const found = await systemLookup(name, { all: true })
  return found.map(({ address }) => address)
}

/** A word for what went wrong, which holds nothing of what was sent or answered. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return 'FAILED'
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'TIMEOUT'
  const code = 'code' in error ? String(error.code) : ''
  return /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'FAILED'
}
