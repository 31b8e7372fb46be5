import { importJWK, SignJWT } from 'jose'
import type { Context } from '../../database/context.ts'
import type { StaffRole } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import { signingKeys } from '../keys/signing-keys.ts'
import { addressesOf, type GatewaySettings, type IdentityIssuer } from '../settings.ts'

/** Whom a token is to name: a customer by the broker's account key, or a member of staff with roles. */
export type DevelopmentPerson =
  | { readonly customer: string }
  | { readonly staff: string; readonly roles: readonly StaffRole[] }

const TOKEN_LIFE_MS = 3_600_000

/**
 * A token of the built-in development issuer, good for an hour: where there is no identity provider yet. It is made from
 * the database alone, without a running server. Throws `UNSUPPORTED` unless the settings turn that issuer on.
 */
export async function makeDevelopmentToken(
  context: Context,
  settings: GatewaySettings,
  person: DevelopmentPerson,
): Promise<string> {
  const { developmentIssuer, customerGraph, operationsGraph, ingest } = addressesOf(settings)
  if (settings.development?.issuer !== true) {
    throw new Fault('UNSUPPORTED', 'the development issuer is off: tokens come from the identity provider')
  }
  const { current } = await signingKeys(context, 'development-issuer')
  const staff = 'staff' in person
  return new SignJWT(staff ? { roles: person.roles } : {})
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT', kid: current.kid })
    .setIssuer(developmentIssuer)
    .setSubject(staff ? person.staff : person.customer)
    .setAudience(staff ? [operationsGraph, ingest] : [customerGraph])
    .setIssuedAt(context.clock.now())
    .setExpirationTime(new Date(context.clock.now().getTime() + TOKEN_LIFE_MS))
    .sign(await importJWK(current.privateJwk, 'ES256'))
}

/** Those whose tokens name people here: the broker's identity provider, and the development issuer where it is on. */
export async function trustedIssuers(context: Context, settings: GatewaySettings): Promise<readonly IdentityIssuer[]> {
  const broker = settings.identity ? [settings.identity] : []
  if (settings.development?.issuer !== true) return broker
  const { published } = await signingKeys(context, 'development-issuer')
  return [...broker, { issuer: addressesOf(settings).developmentIssuer, jwks: { keys: published } }]
}
