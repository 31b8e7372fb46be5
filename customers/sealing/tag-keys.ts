import { createSecretKey, randomBytes } from 'node:crypto'
import type { TagCipher } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant, unreachable } from '../../kernel/invariant.ts'
import type { Keyring } from '../../kernel/keyring.ts'
import { encrypt, tryDecrypt } from '../../records/encryption.ts'
import { SM4_KEY_BYTES, sm4Encrypt, sm4KeyOf, sm4TryDecrypt } from './sm4.ts'

/** A data key as it is kept: encrypted under the master key, for its version. */
export type WrappedTagKey = { readonly version: number; readonly cipher: TagCipher; readonly wrapped: Buffer }

/** Whose value, of which tag, and who supplied it unless it is the broker's own: a ciphertext opens nowhere else. */
export type TagPlace = {
  readonly customer: Id<'cus'>
  readonly key: string
  readonly supplier?: Id<'ptr'> | undefined
}

/** A value as it is kept. */
export type SealedValue = { readonly keyVersion: number; readonly sealed: Buffer }

/** The data keys, ready for many values. They are not kept beyond the call: a retired one must not live on in memory. */
export type TagKeys = {
  /** The version under which values are sealed. */
  readonly current: number
  readonly seal: (place: TagPlace, value: string) => SealedValue
  /** Nothing when it was changed or moved, or when its key is gone. */
  readonly open: (place: TagPlace, sealed: SealedValue) => string | undefined
}

const AES_KEY_BYTES = 32

/** Makes the data key of a version. */
export function newTagKey(keyring: Keyring, version: number, cipher: TagCipher): WrappedTagKey {
  const secret = randomBytes(cipher === 'SM4' ? SM4_KEY_BYTES : AES_KEY_BYTES)
  return { version, cipher, wrapped: encrypt(wrappingKey(keyring), keyPlace({ version, cipher }), secret) }
}

/**
 * Unwraps data keys, each when it is first needed. Throws `InvariantViolation`, then, when one was not wrapped under this
 * master key for its version and cipher.
 */
export function tagKeysOf(keyring: Keyring, wrapped: readonly WrappedTagKey[]): TagKeys {
  const kept = new Map(wrapped.map((one) => [one.version, one]))
  const locks = new Map<number, Lock>()
  const lockOf = (version: number): Lock | undefined => {
    const one = kept.get(version)
    const lock = locks.get(version) ?? (one && unwrap(keyring, one))
    if (lock !== undefined) locks.set(version, lock)
    return lock
  }
  const current = Math.max(0, ...kept.keys())
  return {
    current,
    seal: (place, value) => {
      const lock = lockOf(current)
      invariant(lock, 'there is a key that seals values of tags')
      return { keyVersion: current, sealed: lock.seal(valuePlace(place, current), value) }
    },
    open: (place, { keyVersion, sealed }) =>
      lockOf(keyVersion)?.open(valuePlace(place, keyVersion), sealed)?.toString('utf8'),
  }
}

type Lock = {
  readonly seal: (place: string, plain: string) => Buffer
  readonly open: (place: string, box: Buffer) => Buffer | undefined
}

function unwrap(keyring: Keyring, { wrapped, ...of }: WrappedTagKey): Lock {
  const secret = tryDecrypt(wrappingKey(keyring), keyPlace(of), wrapped)
  invariant(secret, `key ${of.version} of tags opens: it was changed, or the master key was`)
  switch (of.cipher) {
    case 'AES-256-GCM': {
      const key = createSecretKey(secret)
      return {
        seal: (place, plain) => encrypt(key, place, plain),
        open: (place, box) => tryDecrypt(key, place, box),
      }
    }
    case 'SM4': {
      const key = sm4KeyOf(secret)
      return {
        seal: (place, plain) => sm4Encrypt(key, place, plain),
        open: (place, box) => sm4TryDecrypt(key, place, box),
      }
    }
    default:
      return unreachable(of.cipher)
  }
}

function wrappingKey(keyring: Keyring): Buffer {
  return keyring.key('tag-keys')
}

function keyPlace({ version, cipher }: Omit<WrappedTagKey, 'wrapped'>): string {
  return `tag_keys.wrapped:1:${version}:${cipher}`
}

function valuePlace({ customer, key, supplier }: TagPlace, version: number): string {
  const own = `tags.sealed:1:${customer}:${key}:${version}`
  return supplier === undefined ? own : `${own}:${supplier}`
}
