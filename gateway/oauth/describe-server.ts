import type { KoaContextWithOIDC } from 'oidc-provider'
import { SCOPES } from '../../kernel/caller.ts'

/** What the library's metadata names and we do not offer. */
const NOT_OFFERED = [
  'authorization_endpoint',
  'claims_parameter_supported',
  'claims_supported',
  'code_challenge_methods_supported',
  'id_token_signing_alg_values_supported',
  'response_modes_supported',
  'subject_types_supported',
] as const

/** Makes the published metadata (RFC 8414) say what is offered, no more: the library describes an OpenID provider. */
export async function describeServer(ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> {
  await next()
  const body: unknown = ctx.body
  if (ctx['_matchedRouteName'] !== 'discovery' || typeof body !== 'object' || body === null) return
  const offered = Object.entries(body).filter(([name]) => !NOT_OFFERED.some((absent) => absent === name))
  ctx.body = { ...Object.fromEntries(offered), scopes_supported: SCOPES }
}
