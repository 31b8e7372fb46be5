import type { KeyObject } from 'node:crypto'
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { invariant } from '../../kernel/invariant.ts'

const ALGORITHM = 'sm4-ctr'
const CIPHER_KEY_BYTES = 16
const COUNTER_BYTES = 16
const MAC_BYTES = 32

/** Bytes of a key: 16 for the cipher (GB/T 32907), 32 for the code that authenticates (GB/T 32905). */
export const SM4_KEY_BYTES = CIPHER_KEY_BYTES + MAC_BYTES

/** A key for both, ready for many values. */
export type Sm4Key = { readonly cipher: KeyObject; readonly mac: KeyObject }

/** Reads a key of {@link SM4_KEY_BYTES}. */
export function sm4KeyOf(bytes: Buffer): Sm4Key {
  invariant(bytes.length === SM4_KEY_BYTES, 'a key for SM4 with HMAC-SM3 has 48 bytes')
  return {
    cipher: createSecretKey(bytes.subarray(0, CIPHER_KEY_BYTES)),
    mac: createSecretKey(bytes.subarray(CIPHER_KEY_BYTES)),
  }
}

/**
 * SM4 in counter mode from a random first block, then HMAC-SM3 over place and ciphertext (encrypt, then authenticate):
 * `counter ‖ ciphertext ‖ mac`. The place is bound in, so that a ciphertext moved elsewhere does not open.
 */
export function sm4Encrypt(key: Sm4Key, place: string, plain: string): Buffer {
  const counter = randomBytes(COUNTER_BYTES)
  const cipher = createCipheriv(ALGORITHM, key.cipher, counter)
  const body = Buffer.concat([counter, cipher.update(plain, 'utf8'), cipher.final()])
  return Buffer.concat([body, macOf(key, place, body)])
}

/** Opens what {@link sm4Encrypt} made for this place; nothing when the key, place or a byte is not the same. */
export function sm4TryDecrypt(key: Sm4Key, place: string, box: Buffer): Buffer | undefined {
  if (box.length < COUNTER_BYTES + MAC_BYTES) return undefined
  const body = box.subarray(0, -MAC_BYTES)
  if (!timingSafeEqual(macOf(key, place, body), box.subarray(-MAC_BYTES))) return undefined
  const decipher = createDecipheriv(ALGORITHM, key.cipher, body.subarray(0, COUNTER_BYTES))
  return Buffer.concat([decipher.update(body.subarray(COUNTER_BYTES)), decipher.final()])
}

/** The place goes before with its length, so that no byte can pass from one part to the other. */
function macOf({ mac }: Sm4Key, place: string, body: Buffer): Buffer {
  const bound = Buffer.from(place)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bound.length)
  return createHmac('sm3', mac).update(length).update(bound).update(body).digest()
}
