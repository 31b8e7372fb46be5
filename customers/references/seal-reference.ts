import { createHmac } from 'node:crypto'
import { type Id, uuidOf } from '../../kernel/ids.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import { decrypt, encrypt } from '../../records/encryption.ts'

/** Whose reference for whom. */
export type ReferencePlace = { readonly partner: Id<'ptr'>; readonly customer: Id<'cus'> }

/** By which a partner's reference is found: HMAC-SHA-256 of the partner's UUID (16 bytes) and the text in UTF-8. */
export function fingerprintOf(keyring: Keyring, partner: Id<'ptr'>, reference: string): Buffer {
  const hmac = createHmac('sha256', keyring.key('reference-fingerprints'))
  return hmac
    .update(Buffer.from(uuidOf(partner), 'hex'))
    .update(reference)
    .digest()
}

/** Encrypts a reference for its place. */
export function sealReference(keyring: Keyring, place: ReferencePlace, reference: string): Buffer {
  return encrypt(keyring.key('references'), placeOf(place), reference)
}

/** Reads it back. Throws an error of OpenSSL when it was not written for this place. */
export function openReference(keyring: Keyring, place: ReferencePlace, sealed: Buffer): string {
  return decrypt(keyring.key('references'), placeOf(place), sealed).toString()
}

function placeOf({ partner, customer }: ReferencePlace): string {
  return `subject_references.sealed:1:${partner}:${customer}`
}
