import { hash } from 'node:crypto'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { type Id, uuidOf } from '../kernel/ids.ts'
import type { Keyring } from '../kernel/keyring.ts'

/** A disclosure with everything that is kept of it. */
export type DisclosureFact = {
  readonly id: Id<'dis'>
  /** RFC 3339 in UTC, with the database's microseconds. */
  readonly at: string
  readonly partner: Id<'ptr'>
  readonly client: Id<'cli'>
  readonly customer: Id<'cus'> | undefined
  readonly subject: string
  readonly purpose: string
  readonly consent: Id<'cns'> | undefined
  /** Each `key:granularity`, as they were kept. */
  readonly tags: readonly string[]
  readonly outcome: string
  readonly request: string
}

const VERSION = '1'

/** The text of a disclosure that is hashed and handed out: canonical JSON (RFC 8785) with a version. */
export function writeDisclosure(fact: DisclosureFact): string {
  return canonicalJson({ v: VERSION, ...fact })
}

/** Makes salts and entries of disclosures. */
export type DisclosureHasher = {
  /**
   * 32 bytes that nobody without the key can guess, so that an entry says nothing of its disclosure: HMAC-SHA-256 of the
   * id. They follow from the id, and need not be stored beside millions of rows.
   */
  readonly saltOf: (id: Id<'dis'>) => Buffer
  /** The entry in its batch: SHA-256(salt ‖ text). */
  readonly entryOf: (fact: DisclosureFact) => Buffer
}

/**
 * A hasher under the keyring's key. It writes HMAC out as two hashes (RFC 2104 §2), the key's pads made once: `createHmac`
 * for each of a batch's thousands would cost more than all the rest.
 */
export function disclosureHasher(keyring: Keyring): DisclosureHasher {
  const key = keyring.key('disclosure-salts')
  const [inner, outer] = [padded(key, 0x36), padded(key, 0x5c)]
  const saltOf = (id: Id<'dis'>): Buffer =>
    sha256(Buffer.concat([outer, sha256(Buffer.concat([inner, Buffer.from(uuidOf(id), 'hex')]))]))
  return { saltOf, entryOf: (fact) => sha256(Buffer.concat([saltOf(fact.id), Buffer.from(writeDisclosure(fact))])) }
}

/** A key of 32 bytes, filled up to a block of SHA-256. */
function padded(key: Buffer, pad: number): Buffer {
  const block = Buffer.alloc(64)
  key.copy(block)
  return Buffer.from(block.map((byte) => byte ^ pad))
}

function sha256(bytes: Buffer): Buffer {
  return hash('sha256', bytes, 'buffer')
}
