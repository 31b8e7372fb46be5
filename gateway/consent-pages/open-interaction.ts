import type { Request, Response } from 'express'
import { errors, type Provider } from 'oidc-provider'
import type { ConsentRequest } from '../../customers/consent-request.ts'
import { requestConsent } from '../../customers/request-consent.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { findClient } from '../../partners/find-client.ts'
import type { Partner } from '../../partners/partner.ts'
import { parseTagsAsked } from '../oauth/customer-tags.ts'

/** What the library remembers of a customer who was sent to us. */
export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>

/** A customer in front of a partner's request. */
export type OpenInteraction = {
  readonly provider: Provider
  readonly interaction: Interaction
  readonly client: string
  readonly partner: Partner
  readonly request: ConsentRequest
  /** What the partner itself calls the customer, where it says so. */
  readonly reference: string | undefined
}

/**
 * Opens the interaction that an address names, for the browser that was sent there: its cookie is the proof. The partner's
 * request is recorded when a customer comes with it for the first time, and is the same from then on, on whatever page.
 * Nothing comes of an interaction that is not this browser's or is over. Throws what {@link requestConsent} throws.
 */
export async function openInteraction(
  context: Context,
  provider: Provider,
  { request, response, uid }: { readonly request: Request; readonly response: Response; readonly uid: string },
): Promise<OpenInteraction | undefined> {
  const interaction = await interactionOf(provider, request, response)
  if (interaction === undefined || interaction.uid !== uid) return undefined
  const client = await findClient(context, textOf(interaction, 'client_id'))
  if (client === undefined || client.status !== 'ACTIVE') return undefined
  const { partner } = client
  const { purpose, tags, expires, usage, maxPerDay, retentionDays, crossBorder, reference } = parseTagsAsked(
    textOf(interaction, 'authorization_details'),
  )
  const asked = await requestConsent(
    { ...context, actor: `partner:${partner.id}` },
    {
      partner: partner.id,
      client: client.id,
      purpose,
      tags,
      expiresAt: expires,
      usage: usage === 'once' ? 'ONCE' : 'RECURRING',
      ...(maxPerDay !== undefined && { maxPerDay }),
      ...(crossBorder !== undefined && { crossBorder }),
      retentionDays,
      idempotencyKey: pushedRequestOf(interaction),
    },
  )
  return { provider, interaction, client: client.id, partner, request: asked, reference }
}

/** Only the library's own "not found" is nothing; anything else is a fault of ours. */
async function interactionOf(
  provider: Provider,
  request: Request,
  response: Response,
): Promise<Interaction | undefined> {
  try {
    return await provider.interactionDetails(request, response)
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return undefined
    throw error
  }
}

/** A parameter of the request that brought the customer. */
export function parameterOf({ params }: Interaction, name: string): string | undefined {
  const value = params[name]
  return typeof value === 'string' ? value : undefined
}

/** Safe because the library keeps this name beside those that its types tell of. */
function pushedRequestOf(interaction: Interaction & { readonly parJti?: string }): string {
  invariant(interaction.parJti, 'every request was pushed')
  return interaction.parJti
}

function textOf(interaction: Interaction, name: string): string {
  const text = parameterOf(interaction, name)
  if (text === undefined) throw new Fault('INVALID_INPUT', `the request has no ${name}`)
  return text
}
