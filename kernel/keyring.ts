import { hkdfSync } from 'node:crypto'
import { invariant } from './invariant.ts'

/** What a key is for; each purpose has a key of its own, derived from the master key. */
export type KeyPurpose =
  | 'customer-keys'
  | 'subjects'
  | 'signing-keys'
  | 'cookies'
  | 'consent-forms'
  | 'disclosure-salts'
  | 'master-key-check'

/** The secrets of this installation. */
export type Keyring = { readonly key: (purpose: KeyPurpose) => Buffer }

/** A keyring over a master key of 32 bytes (HKDF-SHA-256, RFC 5869). */
export function keyringOf(master: Uint8Array): Keyring {
  invariant(master.length === 32, 'the master key has 32 bytes')
  const keys = new Map<KeyPurpose, Buffer>()
  return {
    key: (purpose) => {
      const known = keys.get(purpose) ?? Buffer.from(hkdfSync('sha256', master, '', `tributary/${purpose}/1`, 32))
      keys.set(purpose, known)
      return known
    },
  }
}
