import type { Request } from 'express'
import { Fault } from '../../kernel/fault.ts'
import type { BrokerSignIn } from './broker-sign-in.ts'

/** How customers may sign in. */
type WaysIn = { readonly broker: BrokerSignIn | undefined; readonly development: boolean }

const LOOPBACK: readonly string[] = ['127.0.0.1', '::1', '::ffff:127.0.0.1']

/** Throws `UNSUPPORTED` where customers cannot sign in at all. */
export function requireWayIn({ broker, development }: WaysIn): void {
  if (broker !== undefined || development) return
  throw new Fault('UNSUPPORTED', 'customers cannot sign in here: there is no identity provider')
}

/** Throws `NOT_FOUND` unless the made-up sign-in of development is there, for a browser on this machine. */
export function requireDevelopment({ broker, development }: WaysIn, request: Request): void {
  if (development && broker === undefined && LOOPBACK.includes(request.socket.remoteAddress ?? '')) return
  throw new Fault('NOT_FOUND', 'customers sign in at the identity provider')
}
