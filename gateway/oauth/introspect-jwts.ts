import type { KoaContextWithOIDC } from 'oidc-provider'

/** What is told of an access token to the client that it was given to (RFC 7662 §2.2). */
export type IntrospectedToken = { readonly client_id: string; readonly [claim: string]: unknown }

/** Reads an access token of ours that is good now; nothing for any other text. */
export type IntrospectJwt = (token: string) => Promise<IntrospectedToken | undefined>

/**
 * The library introspects no JWT (PITFALLS, oidc-provider 5). This answers in its place, once it has authenticated the
 * client: all about its own good token, and `active: false` for everything else, another client's token above all.
 */
export function introspectJwts(introspect: IntrospectJwt) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<unknown>): Promise<void> => {
    await next()
    if (ctx['_matchedRouteName'] !== 'introspection' || !isAboutJwt(ctx.body)) return
    const { client, params } = ctx.oidc
    const token = await introspect(String(params?.['token']))
    const own = client !== undefined && token?.client_id === client.clientId
    ctx.status = 200
    ctx.body = own ? { active: true, ...token } : { active: false }
  }
}

function isAboutJwt(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body && body.error === 'unsupported_token_type'
}
