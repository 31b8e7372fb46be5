import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { selectSecrets } from './store/secrets.ts'
import { openSecret, signatureOf } from './webhook-secret.ts'

/** A request as it leaves. */
export type WebhookRequest = {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A message to an endpoint. */
export type MessageToSign = {
  readonly id: Id<'evt'>
  readonly endpoint: Id<'whe'>
  readonly url: string
  readonly body: string
}

/** A message as a request, signed with the secrets of its endpoint or those given; nothing when there is none. */
export async function signedRequest(
  context: Context,
  { id, endpoint, url, body }: MessageToSign,
  given?: readonly Buffer[],
): Promise<WebhookRequest | undefined> {
  const secrets = given ?? (await secretsOf(context, endpoint))
  if (secrets.length === 0) return undefined
  const timestamp = Math.floor(context.clock.now().getTime() / 1000)
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': signatureOf(secrets, { id, timestamp, body }),
  }
  return { url, headers, body }
}

async function secretsOf(context: Context, endpoint: Id<'whe'>): Promise<readonly Buffer[]> {
  const kept = await selectSecrets(context.database.reads, endpoint)
  return kept.map(({ version, sealed }) => openSecret(context, { endpoint, version }, sealed))
}
