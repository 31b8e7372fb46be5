import type { KoaContextWithOIDC } from 'oidc-provider'
import { SCOPES } from '../../kernel/caller.ts'
import type { SigningKeys } from '../keys/signing-keys.ts'

/** What the library's metadata names and we do not offer. */
const NOT_OFFERED = [
  'claims_parameter_supported',
  'claims_supported',
  'id_token_signing_alg_values_supported',
  'subject_types_supported',
] as const

/**
 * Makes the published metadata (RFC 8414) say what is offered, no more: the library describes an OpenID provider, and does
 * not know whether certificates come here.
 */
export function describeServer(certificates: boolean) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next()
    const body: unknown = ctx.body
    if (ctx['_matchedRouteName'] !== 'discovery' || typeof body !== 'object' || body === null) return
    const offered = Object.entries(body).filter(([name]) => !NOT_OFFERED.some((absent) => absent === name))
    ctx.body = {
      ...Object.fromEntries(offered),
      scopes_supported: SCOPES,
      response_modes_supported: ['query'],
      tls_client_certificate_bound_access_tokens: certificates,
    }
  }
}

/** Publishes the keys that were retired in the last day beside the one that signs: the library knows that one only. */
export function publishKeys({ published }: SigningKeys) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next()
    if (ctx['_matchedRouteName'] === 'jwks') ctx.body = { keys: published }
  }
}
