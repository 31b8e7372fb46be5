import { createHmac, hash } from 'node:crypto'
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

/**
 * 32 bytes that nobody without the key can guess, so that an entry says nothing of its disclosure: HMAC-SHA-256 of the id.
 * They follow from the id, and need not be stored beside millions of rows.
 */
export function disclosureSalt(keyring: Keyring, id: Id<'dis'>): Buffer {
  return createHmac('sha256', keyring.key('disclosure-salts'))
    .update(Buffer.from(uuidOf(id), 'hex'))
    .digest()
}

/** The entry of a disclosure in its batch: SHA-256(salt ‖ text). */
export function disclosureEntry(keyring: Keyring, fact: DisclosureFact): Buffer {
  const text = Buffer.from(writeDisclosure(fact))
  return hash('sha256', Buffer.concat([disclosureSalt(keyring, fact.id), text]), 'buffer')
}
