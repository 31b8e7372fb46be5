import { hkdfSync } from 'node:crypto'
import { invariant } from './invariant.ts'

/** What a key is for; each purpose has a key of its own, derived from the master key. */
export type KeyPurpose =
  | 'bank-entries'
  | 'bank-entry-fingerprints'
  | 'bank-account-fingerprints'
  | 'bank-accounts'
  | 'customer-keys'
  | 'subjects'
  | 'tag-keys'
  | 'supplied-tags'
  | 'references'
  | 'reference-fingerprints'
  | 'payout-files'
  | 'signing-keys'
  | 'cookies'
  | 'consent-forms'
  | 'disclosure-salts'
  | 'webhook-secrets'
  | 'application-contacts'
  | 'complaint-words'
  | 'application-marks'
  | 'mails'
  | 'master-key-check'

/** The secrets of this installation. Of a purpose whose key is renewed there is one for each version, from 1. */
export type Keyring = { readonly key: (purpose: KeyPurpose, version?: number) => Buffer }

/** A keyring over a master key of 32 bytes (HKDF-SHA-256, RFC 5869). */
export function keyringOf(master: Uint8Array): Keyring {
  invariant(master.length === 32, 'the master key has 32 bytes')
  const keys = new Map<string, Buffer>()
  return {
    key: (purpose, version = 1) => {
      const info = `tributary/${purpose}/${version}`
      const known = keys.get(info) ?? Buffer.from(hkdfSync('sha256', master, '', info, 32))
      keys.set(info, known)
      return known
    },
  }
}
