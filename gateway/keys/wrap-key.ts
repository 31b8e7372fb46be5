import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { invariant } from '../../kernel/invariant.ts'

const VERSION = 1
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals a private key under a wrapping key of 32 bytes: version ‖ IV ‖ tag ‖ ciphertext, AES-256-GCM. The name of the place
 * where it is kept is bound to it, so that a wrapped key moved to another row opens no more.
 */
export function wrapKey(wrapping: Buffer, place: string, secret: string): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', wrapping, iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(place))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return Buffer.concat([Buffer.of(VERSION), iv, cipher.getAuthTag(), sealed])
}

/** Opens what {@link wrapKey} sealed for this place. Throws when it was changed, moved, or sealed under another key. */
export function unwrapKey(wrapping: Buffer, place: string, wrapped: Uint8Array): string {
  invariant(wrapped[0] === VERSION, 'a wrapped key is of a known version')
  const [iv, tag, sealed] = [
    wrapped.subarray(1, 1 + IV_BYTES),
    wrapped.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES),
    wrapped.subarray(1 + IV_BYTES + TAG_BYTES),
  ]
  const decipher = createDecipheriv('aes-256-gcm', wrapping, iv, { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(place))
  decipher.setAuthTag(tag)
  return Buffer.concat([decipher.update(sealed), decipher.final()]).toString('utf8')
}
