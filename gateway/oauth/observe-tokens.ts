import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Context } from '../../database/context.ts'
import { observe } from '../../partners/conformance/observe.ts'
import type { Observation } from '../../partners/conformance/store/observations.ts'
import { standingOf } from './client-metadata.ts'

/** What the token endpoint answered, as far as a conformance run looks at it. */
type Answered = {
  readonly access_token?: string
  readonly token_type?: string
  readonly authorization_details?: readonly { readonly consent_id?: string }[]
}

/** What is said to us alone of an assertion that came before, of a proof, and of two at the same moment. */
const REPLAYED = /must only be used once|Replay detected|used more than once/

/** Writes down what the token endpoint did for a partner in the sandbox, before it answers, for the run that is open. */
export function observeTokens(provider: Provider, context: Context): void {
  const replays = new WeakMap<KoaContextWithOIDC['req'], string>()
  provider.on('grant.error', ({ req }, error) => {
    const detail = 'error_detail' in error ? `${error.error_detail}` : ''
    if (REPLAYED.test(detail)) replays.set(req, detail.includes('assertion') ? 'a client assertion' : 'a DPoP proof')
  })
  provider.use(async (ctx: KoaContextWithOIDC, next: () => Promise<void>) => {
    await next()
    const client = ctx.oidc?.route === 'token' ? ctx.oidc.client : undefined
    if (client === undefined) return
    const { partner, sandbox } = standingOf(client)
    if (!sandbox) return
    const replayed = replays.get(ctx.req)
    await observe(
      context,
      partner,
      replayed === undefined
        ? issuedTo(client.clientId, bodyOf(ctx))
        : [{ what: 'REPLAY_REFUSED', about: client.clientId, detail: replayed }],
    )
  })
}

/** Safe because the library answers with an object at this endpoint, and each member is looked at before it is used. */
function bodyOf({ body }: KoaContextWithOIDC): Answered {
  return typeof body === 'object' && body !== null ? (body as Answered) : {}
}

function issuedTo(client: string, answered: Answered): readonly Observation[] {
  const { access_token: token, token_type: type, authorization_details: details } = answered
  if (token === undefined) return []
  const consent = details?.[0]?.consent_id
  return [
    { what: 'TOKEN_ISSUED', about: client, detail: type === 'DPoP' ? 'DPoP' : 'the certificate' },
    ...(consent === undefined ? [] : [{ what: 'CODE_EXCHANGED' as const, about: consent, detail: client }]),
  ]
}
