import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, parseId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseWith } from '../../kernel/parse.ts'
import { once } from '../../records/once.ts'
import type { EndpointWithSecret } from './add-webhook.ts'
import { keepVersion } from './keep-version.ts'
import { giveUpEndpoint } from './store/deliveries.ts'
import { holdEndpoint, selectEndpoint } from './store/endpoints.ts'
import { deleteSecrets, insertSecret, nextVersion } from './store/secrets.ts'
import type { WebhookEndpoint } from './webhook-endpoint.ts'
import { newSecret } from './webhook-secret.ts'

const LONGEST_OVERLAP_HOURS = 24 * 14

const which = { endpoint: z.string(), idempotencyKey: z.string() }
const removeWebhookInput = z.strictObject(which)
const rotateSecretInput = z.strictObject({
  ...which,
  overlapHours: z.int().min(0).max(LONGEST_OVERLAP_HOURS).default(24),
})

/** Which endpoint, of this partner alone where one is given. */
type Owned = { readonly owner: Id<'ptr'> | undefined }
export type RemoveWebhookInput = z.input<typeof removeWebhookInput> & Owned
/** For how many hours the secret before it goes on signing beside the new one: 24 unless said, at most two weeks. */
export type RotateSecretInput = z.input<typeof rotateSecretInput> & Owned

/**
 * Ends an endpoint for good: what waits for it is given up, and its secrets are destroyed. Throws `NOT_FOUND` for one that is
 * not there, or not the owner's, and `IDEMPOTENCY_CONFLICT`.
 */
export async function removeWebhook(
  context: Context,
  { owner, ...input }: RemoveWebhookInput,
): Promise<WebhookEndpoint> {
  const { idempotencyKey: key, endpoint: named } = parseWith(removeWebhookInput, input, 'webhook')
  const id = parseId('whe', named)
  await once(context, { scope: `${context.actor}:webhooks.remove`, key, request: { id } }, async (tx) => {
    const { record: _, ...held } = await requireEndpoint(tx, { id, partner: owner })
    await keepVersion(context, tx, { ...held, status: 'REMOVED', version: held.version + 1 })
    await giveUpEndpoint(tx, id)
    await deleteSecrets(tx, id)
    return null
  })
  return requireKept(context, id)
}

/**
 * Makes a new secret, which is shown in the first answer alone. Until the overlap is over, messages are signed by both, so
 * that the receiver changes when it likes. Throws `NOT_FOUND`, `INVALID_INPUT` and `IDEMPOTENCY_CONFLICT`.
 */
export async function rotateWebhookSecret(
  context: Context,
  { owner, ...input }: RotateSecretInput,
): Promise<EndpointWithSecret> {
  const { idempotencyKey: key, endpoint: named, overlapHours } = parseWith(rotateSecretInput, input, 'webhook')
  const id = parseId('whe', named)
  let secret: string | undefined
  const request = { id, overlapHours: BigInt(overlapHours) }
  await once(context, { scope: `${context.actor}:webhooks.rotate`, key, request }, async (tx) => {
    await requireEndpoint(tx, { id, partner: owner })
    const version = await nextVersion(tx, id)
    const made = newSecret(context, { endpoint: id, version })
    await insertSecret(tx, { endpoint: id, version, sealed: made.sealed }, overlapHours * 3600)
    secret = made.text
    return null
  })
  return { endpoint: await requireKept(context, id), secret }
}

async function requireEndpoint(
  tx: Transaction,
  place: { readonly id: Id<'whe'>; readonly partner: Id<'ptr'> | undefined },
): Promise<WebhookEndpoint> {
  const endpoint = await holdEndpoint(tx, place)
  if (endpoint === undefined) throw new Fault('NOT_FOUND', `there is no ${place.id} here`, { field: 'endpoint' })
  return endpoint
}

async function requireKept({ database }: Context, id: Id<'whe'>): Promise<WebhookEndpoint> {
  const endpoint = await selectEndpoint(database.reads, id)
  invariant(endpoint, 'an endpoint that was held is there')
  return endpoint
}
