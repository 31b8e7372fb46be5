import { hash, randomBytes } from 'node:crypto'
import type { CookieOptions, Request, Response } from 'express'
import { findCustomer } from '../../customers/find-customer.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Identified } from '../consent-pages/broker-sign-in.ts'
import {
  type CustomerSession,
  endSession,
  keepSession,
  SESSION_SECONDS,
  selectSession,
} from '../store/customer-sessions.ts'

/** A customer at their own pages. `id` is the hash of what their browser alone knows. */
export type Session = {
  readonly id: string
  readonly accountKey: string
  readonly authentication: CustomerSession['authentication']
}

/** Where the customer's own pages are. */
export const MINE = '/consent/mine'
const COOKIE = 'tributary_mine'

/** The session of a browser; nothing when there is none, it is over, or the customer was erased. */
export async function sessionOf(context: Context, request: Request): Promise<Session | undefined> {
  const secret = cookieOf(request, COOKIE)
  if (secret === undefined) return undefined
  const id = hash('sha256', secret)
  const session = await selectSession(context.database.reads, id)
  const customer = session && (await findCustomer(context, { id: session.customer }))
  return session && customer && { id, accountKey: customer.accountKey, authentication: session.authentication }
}

/** Begins a session for whoever proved who they are; one that this browser had before ends. */
export async function beginSession(
  context: Context,
  { request, response, origin }: { readonly request: Request; readonly response: Response; readonly origin: string },
  { customer, acr, amr, authTime }: Pick<Identified, 'acr' | 'amr' | 'authTime'> & { readonly customer: Id<'cus'> },
): Promise<void> {
  const secret = randomBytes(32).toString('base64url')
  const at = authTime === undefined ? context.clock.now() : new Date(authTime * 1000)
  const authentication = { ...(acr && { acr }), ...(amr && { amr }), authTime: at.toISOString() }
  const before = cookieOf(request, COOKIE)
  await context.database.transaction(async (tx) => {
    if (before !== undefined) await endSession(tx, hash('sha256', before))
    await keepSession(tx, hash('sha256', secret), { customer, authentication })
  })
  response.cookie(COOKIE, secret, cookieOptions(origin, SESSION_SECONDS))
}

/** Ends a session on both sides. */
export async function signOut(context: Context, response: Response, { id }: Session): Promise<void> {
  await context.database.transaction((tx) => endSession(tx, id))
  response.clearCookie(COOKIE, { path: MINE })
}

/** A cookie of a browser's request. */
export function cookieOf({ headers }: Request, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(/; */)
  const value = pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1)
  return value === undefined || !/^[\w.~-]{1,200}$/.test(value) ? undefined : value
}

/** No script reads our cookies; another site's page does not send them, but its link does: the way back of a sign-in is one. */
export function cookieOptions(origin: string, seconds: number): CookieOptions {
  return { path: MINE, httpOnly: true, sameSite: 'lax', secure: origin.startsWith('https:'), maxAge: seconds * 1000 }
}
