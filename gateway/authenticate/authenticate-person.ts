import { type CustomerCaller, STAFF_ROLES, type StaffCaller } from '../../kernel/caller.ts'
import { Fault } from '../../kernel/fault.ts'
import type { PersonTokenReader } from './person-token.ts'
import { Unauthenticated } from './unauthenticated.ts'

/** What of a request says which person calls, and at which address. */
export type PersonCredentials = {
  readonly authorization: string | undefined
  /** The address that the token must be meant for. */
  readonly audience: string
  readonly requestId: string
}

const LONGEST_NAME = 128

/**
 * The customer whom a token of the identity provider names: its subject is the broker's account key.
 * Throws `UNAUTHENTICATED`.
 */
export async function authenticateCustomer(
  read: PersonTokenReader,
  { authorization, audience, requestId }: PersonCredentials,
): Promise<CustomerCaller> {
  const { sub } = await read(bearer(authorization), audience)
  return { kind: 'customer', accountKey: nameOf(sub), requestId }
}

/**
 * The member of staff, or the broker's own system, whom a token of the identity provider names, with those of its `roles`
 * that we know. Throws `UNAUTHENTICATED`, and `FORBIDDEN` when there is none of them.
 */
export async function authenticateStaff(
  read: PersonTokenReader,
  { authorization, audience, requestId }: PersonCredentials,
): Promise<StaffCaller> {
  const { sub, roles: claimed } = await read(bearer(authorization), audience)
  const roles = new Set(STAFF_ROLES.filter((role) => Array.isArray(claimed) && claimed.includes(role)))
  if (roles.size === 0) throw new Fault('FORBIDDEN', 'the token names no role that may come here')
  return { kind: 'staff', name: nameOf(sub), roles, requestId }
}

function bearer(authorization = ''): string {
  const text = /^Bearer +([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization)?.[1]
  if (text === undefined) {
    throw new Unauthenticated('this address takes a token of the identity provider', { scheme: 'Bearer' })
  }
  return text
}

function nameOf(sub: unknown): string {
  if (typeof sub === 'string' && sub.length > 0 && sub.length <= LONGEST_NAME && !/\p{Cc}/u.test(sub)) return sub
  throw new Unauthenticated('the token has no subject that could be one', { scheme: 'Bearer', error: 'invalid_token' })
}
