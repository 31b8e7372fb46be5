import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseWith } from '../../kernel/parse.ts'
import { once } from '../../records/once.ts'
import { requirePartner } from '../store/partners.ts'
import { EVENT_TYPES } from './event-types.ts'
import { keepVersion } from './keep-version.ts'
import { holdEndpoints, selectEndpoint } from './store/endpoints.ts'
import { insertSecret } from './store/secrets.ts'
import { parseWebhookAddress } from './webhook-address.ts'
import type { WebhookEndpoint } from './webhook-endpoint.ts'
import { newSecret } from './webhook-secret.ts'

const addWebhookInput = z.strictObject({
  partner: z.string().max(60),
  url: z.string(),
  types: z
    .array(z.string())
    .pipe(z.array(z.enum(EVENT_TYPES)).min(1))
    .refine((types) => new Set(types).size === types.length, 'a type is named twice')
    .optional(),
  idempotencyKey: z.string(),
})

/** Whose endpoint, by code or id; its address; and of what it is told: everything unless said. */
export type AddWebhookInput = z.input<typeof addWebhookInput>

/** An endpoint, and its newest secret where it is shown: once, to whoever made it. */
export type EndpointWithSecret = { readonly endpoint: WebhookEndpoint; readonly secret: string | undefined }

const MOST_ENDPOINTS = 5

/**
 * Adds an address at which a partner is told of what happens from now on. The secret is in the first answer alone: the same
 * request again gives the endpoint without it. Throws `INVALID_INPUT` (a private address above all), `NOT_FOUND`,
 * `DUPLICATE` for an address that it has already, `WRONG_STATE` for more than five, and `IDEMPOTENCY_CONFLICT`.
 */
export async function addWebhook(context: Context, input: AddWebhookInput): Promise<EndpointWithSecret> {
  const { idempotencyKey: key, ...request } = parseWith(addWebhookInput, input, 'webhook')
  const url = parseWebhookAddress(request.url, { privateToo: context.privateWebhooks === true })
  let secret: string | undefined
  const { answer } = await once<Id<'whe'>>(
    context,
    { scope: `${context.actor}:webhooks.add`, key, request: { ...request, types: request.types ?? null } },
    async (tx) => {
      const { id: partnerId } = await requirePartner(tx, request.partner)
      const others = await holdEndpoints(tx, partnerId)
      if (others.some((other) => other.url === url)) {
        throw new Fault('DUPLICATE', 'the partner is told at this address already', { field: 'url' })
      }
      if (others.length >= MOST_ENDPOINTS)
        throw new Fault('WRONG_STATE', `a partner has at most ${MOST_ENDPOINTS} webhooks`)
      const id = newId('whe')
      const types = request.types ?? EVENT_TYPES
      const createdAt = context.clock.now()
      await keepVersion(context, tx, { id, partnerId, url, types, status: 'ACTIVE', version: 1, createdAt })
      const made = newSecret(context, { endpoint: id, version: 1 })
      await insertSecret(tx, { endpoint: id, version: 1, sealed: made.sealed }, 0)
      secret = made.text
      return id
    },
  )
  const endpoint = await selectEndpoint(context.database.reads, answer)
  invariant(endpoint, 'an endpoint that was added is there')
  return { endpoint, secret }
}
