import type { Scope } from '../kernel/caller.ts'
import type { Id } from '../kernel/ids.ts'
import type { PublicJwks } from './jwks.ts'

export const CLIENT_STATUSES = ['ACTIVE', 'REVOKED'] as const
export type ClientStatus = (typeof CLIENT_STATUSES)[number]

/** What a client's access tokens are bound to: its key by DPoP (RFC 9449), or its certificate by mutual TLS (RFC 8705). */
export const TOKEN_BINDINGS = ['DPOP', 'MTLS'] as const
export type TokenBinding = (typeof TOKEN_BINDINGS)[number]

/** Keys that a client had before, which are accepted until then. */
export type FormerKeys = { readonly jwks: PublicJwks; readonly until: Date }

/** An OAuth client of a partner; its id is the `client_id`. */
export type Client = {
  readonly id: Id<'cli'>
  readonly partnerId: Id<'ptr'>
  readonly name: string
  readonly jwks: PublicJwks
  /** Since when it has these keys. */
  readonly keysSince: Date
  /** The keys of before, and until when they are accepted as well. */
  readonly former?: FormerKeys
  readonly scopes: readonly Scope[]
  /** Where the browser may be sent back to (`redirect-uris.ts`); empty for a client that asks no customer. */
  readonly redirectUris: readonly string[]
  readonly binding: TokenBinding
  readonly status: ClientStatus
  readonly createdAt: Date
  readonly revokedAt?: Date
}
