import * as openid from 'openid-client'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { IdentityIssuer } from '../settings.ts'
import { keepSignIn, takeSignIn } from '../store/sign-ins.ts'

/** Who came back from the broker's identity provider, and how they proved who they are (OpenID Connect Core §2). */
export type Identified = {
  readonly accountKey: string
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  /** When they did, in seconds since the epoch; now, unless the provider says. */
  readonly authTime?: number | undefined
}

/** Signing in at the broker's identity provider, for one interaction at a time. */
export type BrokerSignIn = {
  /** Where the browser goes. */
  readonly begin: (uid: string) => Promise<string>
  /** Who it is, out of the address at which the browser came back; nothing when the customer did not sign in. */
  readonly end: (uid: string, cameBackTo: URL) => Promise<Identified | undefined>
}

const TIMEOUT_SECONDS = 5
const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/**
 * Signs customers in by authorization code with PKCE and a nonce. What is remembered between the two steps is in the
 * database and used once, so that they may be served by two processes. Throws `IDENTITY_UNAVAILABLE` when the provider
 * cannot be reached.
 */
export function brokerSignIn(
  context: Context,
  { issuer, signIn }: IdentityIssuer & { readonly signIn: NonNullable<IdentityIssuer['signIn']> },
  redirectUri: string,
): BrokerSignIn {
  let known: openid.Configuration | undefined
  const provider = async (): Promise<openid.Configuration> => {
    known ??= await discover(issuer, signIn)
    return known
  }
  return {
    begin: async (uid) => {
      const config = await provider()
      // the browser comes back to one address for all; the state says to whose page it belongs
      const state = `${uid}.${openid.randomState()}`
      const [nonce, verifier] = [openid.randomNonce(), openid.randomPKCECodeVerifier()]
      await context.database.transaction((tx) => keepSignIn(tx, { state, uid, nonce, verifier }))
      return openid.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        // whoever is signed in there may be somebody else: let the provider ask
        prompt: 'login',
      }).href
    },
    end: async (uid, cameBackTo) => {
      const state = cameBackTo.searchParams.get('state') ?? ''
      const kept = await context.database.transaction((tx) => takeSignIn(tx, state))
      if (kept === undefined || kept.uid !== uid) return undefined
      return identify(await provider(), cameBackTo, { ...kept, state })
    },
  }
}

async function discover(
  issuer: string,
  { clientId, clientSecret }: NonNullable<IdentityIssuer['signIn']>,
): Promise<openid.Configuration> {
  const url = new URL(issuer)
  const options = {
    timeout: TIMEOUT_SECONDS,
    execute: LOOPBACK.includes(url.hostname) ? [openid.allowInsecureRequests] : [],
  }
  const method = clientSecret === undefined ? openid.None() : openid.ClientSecretBasic(clientSecret)
  return openid.discovery(url, clientId, undefined, method, options).catch(unavailable)
}

async function identify(
  config: openid.Configuration,
  cameBackTo: URL,
  { state, nonce, verifier }: { readonly state: string; readonly nonce: string; readonly verifier: string },
): Promise<Identified | undefined> {
  const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true }
  try {
    const claims = (await openid.authorizationCodeGrant(config, cameBackTo, checks)).claims()
    if (claims === undefined) return undefined
    const { sub, acr, amr, auth_time: authTime } = claims
    return {
      accountKey: sub,
      ...(typeof acr === 'string' && { acr }),
      ...(isTexts(amr) && { amr }),
      ...(authTime !== undefined && { authTime }),
    }
  } catch (error) {
    // refused there, or an answer that does not hold: the customer may try again
    if (error instanceof openid.AuthorizationResponseError || error instanceof openid.ClientError) return undefined
    if (error instanceof openid.ResponseBodyError) return undefined
    return unavailable(error)
  }
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function unavailable(cause: unknown): never {
  throw new Fault('IDENTITY_UNAVAILABLE', 'the identity provider does not answer', { cause })
}
