import type { Request, Response } from 'express'
import type { TagsGranted } from '../oauth/customer-tags.ts'
import { type OpenInteraction, parameterOf } from './open-interaction.ts'

/** Who signed in, by our own id, and how the identity provider says they proved it. */
export type SignedIn = {
  readonly customer: string
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  /** Seconds since the epoch. */
  readonly authTime: number
}

type Exchange = { readonly request: Request; readonly response: Response }

/** Ends the signing in. Returns the address at which the flow goes on. */
export async function finishSignIn(
  { provider, interaction }: OpenInteraction,
  { request, response }: Exchange,
  { customer, acr, amr, authTime }: SignedIn,
): Promise<string> {
  // another customer signed in here before and did not come to an end: with their session, the library would ask by script
  if (interaction.session !== undefined && interaction.session.accountId !== customer) {
    const session = await provider.Session.findByUid(interaction.session.uid)
    await session?.destroy()
    interaction.session = undefined
    await interaction.save(interaction.exp - Math.floor(Date.now() / 1000))
  }
  const login = {
    accountId: customer,
    remember: false,
    ts: authTime,
    ...(acr && { acr }),
    ...(amr && { amr: [...amr] }),
  }
  return provider.interactionResult(request, response, { login }, { mergeWithLastSubmission: false })
}

/** Ends the request with what was granted. Returns the address of the way back to the partner. */
export async function finishGranted(
  { provider, interaction, client }: OpenInteraction,
  { request, response }: Exchange,
  {
    customer,
    resource,
    granted,
  }: { readonly customer: string; readonly resource: string; readonly granted: TagsGranted },
): Promise<string> {
  const grant = new provider.Grant({ accountId: customer, clientId: client })
  grant.addResourceScope(resource, parameterOf(interaction, 'scope') ?? '')
  grant.addRar({ ...granted })
  const grantId = await grant.save()
  return provider.interactionResult(request, response, { consent: { grantId } })
}

/** Ends the request without a grant. Returns the address of the way back to the partner. */
export async function finishDenied(
  { provider }: OpenInteraction,
  { request, response }: Exchange,
  why: string,
): Promise<string> {
  const result = { error: 'access_denied', error_description: why }
  return provider.interactionResult(request, response, result, { mergeWithLastSubmission: false })
}
