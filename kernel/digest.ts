import { hash } from 'node:crypto'
import { type CanonicalValue, canonicalJson } from './canonical-json.ts'

/** SHA-256 as lower-case hexadecimal digits (crypto.hash is several times faster than createHash on short input). */
export function sha256Hex(data: string | Uint8Array): string {
  return hash('sha256', data, 'hex')
}

/** SHA-256 of the canonical JSON of a value: the fingerprint by which two requests are the same. */
export function fingerprintOf(value: CanonicalValue): string {
  return sha256Hex(canonicalJson(value))
}
