import { hash } from 'node:crypto'
import { leafHash } from '../merkle/hashes.ts'

/** What a check came to: `unchecked` is what nobody could check with what was given, and not wrong. */
export type BundleCheck = {
  readonly check: 'form' | 'record' | 'key' | 'signature' | 'inclusion' | 'earlier' | 'kept' | 'anchor' | 'disclosure'
  readonly result: 'ok' | 'wrong' | 'unchecked'
  readonly why: string
}

/** A result and its sentence. */
export type Says = { readonly ok: string } | { readonly wrong: string } | { readonly unchecked: string }

/** Names a result by what was checked. */
export function checkOf(check: BundleCheck['check'], says: Says): BundleCheck {
  if ('ok' in says) return { check, result: 'ok', why: says.ok }
  if ('wrong' in says) return { check, result: 'wrong', why: says.wrong }
  return { check, result: 'unchecked', why: says.unchecked }
}

/** The leaf of an entry that commits to a text: SHA-256(0x00 ‖ SHA-256(salt ‖ text)). */
export function leafOf(salt: Buffer, text: string): Buffer {
  return leafHash(hash('sha256', Buffer.concat([salt, Buffer.from(text)]), 'buffer'))
}

/** Bytes out of hexadecimal digits that the schema has let through. */
export function bytesOf(hex: string): Buffer {
  return Buffer.from(hex, 'hex')
}

/** The hashes of a proof. */
export function bytesOfAll(hashes: readonly string[]): readonly Buffer[] {
  return hashes.map(bytesOf)
}
