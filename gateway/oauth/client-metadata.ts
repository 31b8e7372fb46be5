import type { AdapterPayload } from 'oidc-provider'
import type { Context } from '../../database/context.ts'
import type { Scope } from '../../kernel/caller.ts'
import type { Id } from '../../kernel/ids.ts'
import { allowedScopes } from '../../partners/capabilities/allowed-scopes.ts'
import type { TokenBinding } from '../../partners/client.ts'
import { acceptedKeys } from '../../partners/client-keys.ts'
import { dutiesOf } from '../../partners/duties.ts'
import { findClient } from '../../partners/find-client.ts'
import { CUSTOMER_TAGS } from './customer-tags.ts'

/** What we know of a client beyond what OAuth has words for. */
export type ClientStanding = {
  readonly partner: Id<'ptr'>
  /** Resource scopes that the partner may use, which the library would not limit by client (PITFALLS, oidc-provider 2). */
  readonly scopes: readonly Scope[]
  /** Whether its partner may be given tokens. */
  readonly tokens: boolean
  /** Whether customers may be asked for it. */
  readonly consents: boolean
  /** Whether it is in the sandbox: what it does there may be watched. */
  readonly sandbox: boolean
  /** What its tokens are bound to. */
  readonly binding: TokenBinding
}

/** Name of the {@link ClientStanding} among a client's metadata. */
export const STANDING = 'tributary_standing'

/**
 * A partner's client as the authorization server knows it, read anew for each request; nothing when there is none, or it was
 * revoked.
 */
export async function findClientMetadata(context: Context, clientId: string): Promise<AdapterPayload | undefined> {
  const client = await findClient(context, clientId)
  if (client === undefined || client.status !== 'ACTIVE') return undefined
  const { partner, binding } = client
  const scopes = await allowedScopes(context, { partner: partner.id, scopes: client.scopes })
  const { tokens, consents } = dutiesOf(partner.status)
  const sandbox = partner.status === 'SANDBOX'
  const standing: ClientStanding = { partner: partner.id, scopes, tokens, consents, sandbox, binding }
  return {
    client_id: client.id,
    client_name: client.name,
    jwks: { keys: [...acceptedKeys(client, context.clock.now())] },
    token_endpoint_auth_method: 'private_key_jwt',
    ...flowsOf(client.redirectUris),
    subject_type: 'pairwise',
    require_pushed_authorization_requests: true,
    // one of the two, never neither: without a certificate there is no token either
    dpop_bound_access_tokens: binding === 'DPOP',
    tls_client_certificate_bound_access_tokens: binding === 'MTLS',
    [STANDING]: standing,
  }
}

/** A client without redirect addresses asks no customer: it has client credentials alone. */
function flowsOf(redirectUris: readonly string[]): Partial<AdapterPayload> {
  if (redirectUris.length === 0) return { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] }
  return {
    grant_types: ['client_credentials', 'authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: [...redirectUris],
    authorization_details_types: [CUSTOMER_TAGS],
  }
}

/** The standing of a client that the library loaded in this request. */
export function standingOf(client: { readonly metadata: () => object }): ClientStanding {
  return standingIn(client.metadata())
}

/** Safe because {@link findClientMetadata} is the only source of clients. */
function standingIn(metadata: { readonly [STANDING]?: ClientStanding }): ClientStanding {
  const standing = metadata[STANDING]
  if (standing === undefined) throw new Error('a client comes with its standing')
  return standing
}
