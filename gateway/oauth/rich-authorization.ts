import { type AuthorizationDetail, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { checkAsk } from '../../customers/check-ask.ts'
import { standingConsents } from '../../customers/standing-consents.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { isId } from '../../kernel/ids.ts'
import { standingOf } from './client-metadata.ts'
import { CUSTOMER_TAGS, parseTagsAsked } from './customer-tags.ts'

/**
 * Rich authorization requests (RFC 9396): what may be asked is checked when it is pushed, and what comes back with a token is
 * what the customer granted, as long as that consent counts. Nothing is asked of the token endpoint itself.
 */
export function richAuthorization(context: Context) {
  return {
    enabled: true,
    types: { [CUSTOMER_TAGS]: { validate: (ctx: KoaContextWithOIDC) => checkAsked(context, ctx) } },
    authorizationDetailsForGrantSource: ({ oidc }: KoaContextWithOIDC) => oidc.entities.Grant?.rar,
    authorizationDetailsForAccessToken: (
      ctx: KoaContextWithOIDC,
      _token: unknown,
      source: { readonly rar?: AuthorizationDetail[] | undefined } | undefined,
    ) => grantedStill(context, ctx, source?.rar),
    // the library introspects no JWT, and all of our access tokens are
    authorizationDetailsForIntrospection: () => undefined,
  } as const
}

async function checkAsked(context: Context, ctx: KoaContextWithOIDC): Promise<void> {
  if (ctx.oidc.route === 'token') {
    throw new errors.InvalidAuthorizationDetails(
      'push an authorization request: the customer is asked, not the token endpoint',
    )
  }
  const { client } = ctx.oidc
  if (client === undefined) throw new errors.InvalidClient('there is no client')
  const { partner } = standingOf(client)
  try {
    const { expires, ...asked } = parseTagsAsked(String(ctx.oidc.params?.['authorization_details']))
    await checkAsk(context, { ...asked, partner, expiresAt: new Date(expires) })
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'INVALID_INPUT') throw error
    throw new errors.InvalidAuthorizationDetails(error.message)
  }
}

/** Those whose consents count now. When none does any more, there is no token: the customer has to be asked again. */
async function grantedStill(
  context: Context,
  ctx: KoaContextWithOIDC,
  granted: readonly AuthorizationDetail[] = [],
): Promise<AuthorizationDetail[]> {
  const { client } = ctx.oidc
  if (client === undefined) throw new errors.InvalidGrant('there is no client')
  const consents = granted.map(consentOf).filter((id) => isId('cns', id))
  const standing = await standingConsents(context, { partner: standingOf(client).partner, consents })
  const kept = granted.filter((detail) => [...standing].some((id) => id === consentOf(detail)))
  if (kept.length === 0) throw new errors.InvalidGrant('the consent does not count any more')
  return kept
}

function consentOf(detail: AuthorizationDetail): string {
  return String(detail['consent_id'])
}
