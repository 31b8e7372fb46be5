import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
/** Without it Node takes tags cut down to four bytes. */
const TAG_BYTES = 16

/** 32 bytes; as an object of Node's where many values are under one key, which is several times as fast. */
type Key = Uint8Array | KeyObject

/**
 * AES-256-GCM under a fresh nonce: `nonce ‖ ciphertext ‖ tag`. The place (table, column, version, row) is bound in as
 * associated data, so that a ciphertext moved elsewhere does not open. Source: NIST SP 800-38D.
 */
export function encrypt(key: Key, place: string, plain: string | Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(place))
  const parts = [cipher.update(plain), cipher.final()]
  return Buffer.concat([nonce, ...parts, cipher.getAuthTag()])
}

/** Opens what {@link encrypt} made for this place. Throws an error of OpenSSL when the key, place or a byte is not the same. */
export function decrypt(key: Key, place: string, box: Uint8Array): Buffer {
  const decipher = createDecipheriv(ALGORITHM, key, box.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
  decipher.setAAD(Buffer.from(place))
  decipher.setAuthTag(box.subarray(-TAG_BYTES))
  return Buffer.concat([decipher.update(box.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()])
}

/** Opens what {@link encrypt} made for this place; nothing when the key, place or a byte is not the same. */
export function tryDecrypt(key: Key, place: string, box: Uint8Array): Buffer | undefined {
  try {
    return decrypt(key, place, box)
  } catch {
    // OpenSSL says in an error of its own that a tag does not fit
    return undefined
  }
}
