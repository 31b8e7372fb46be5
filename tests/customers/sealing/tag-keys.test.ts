import { describe, expect, it } from 'vitest'
import { newTagKey, tagKeysOf } from '../../../customers/sealing/tag-keys.ts'
import { TAG_CIPHERS } from '../../../database/context.ts'
import { newId } from '../../../kernel/ids.ts'
import { keyringOf } from '../../../kernel/keyring.ts'
import { TEST_MASTER_KEY } from '../../support/database.ts'

const keyring = keyringOf(TEST_MASTER_KEY)
const place = { customer: newId('cus'), key: 'assets' }
const VALUE = '12000.5 元'

describe.each(TAG_CIPHERS)('a value sealed with %s', (cipher) => {
  const wrapped = [newTagKey(keyring, 1, cipher), newTagKey(keyring, 2, cipher)]
  const keys = tagKeysOf(keyring, wrapped)
  const sealed = keys.seal(place, VALUE)

  it('opens in its place, is never the same ciphertext twice, and does not hold the value', () => {
    expect(keys.open(place, sealed)).toBe(VALUE)
    expect(keys.seal(place, VALUE).sealed.equals(sealed.sealed)).toBe(false)
    expect(sealed.sealed.includes('12000')).toBe(false)
    expect(sealed.keyVersion).toBe(2)
  })

  it('opens for no other customer, no other tag and under no other version', () => {
    expect(keys.open({ ...place, customer: newId('cus') }, sealed)).toBeUndefined()
    expect(keys.open({ ...place, key: 'income' }, sealed)).toBeUndefined()
    expect(keys.open(place, { ...sealed, keyVersion: 1 })).toBeUndefined()
    expect(keys.open(place, { ...sealed, keyVersion: 3 })).toBeUndefined()
  })

  it('does not open with any byte changed, or cut down to any length', () => {
    for (let at = 0; at < sealed.sealed.length; at++) {
      const changed = Buffer.from(sealed.sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(keys.open(place, { ...sealed, sealed: changed })).toBeUndefined()
      expect(keys.open(place, { ...sealed, sealed: sealed.sealed.subarray(0, at) })).toBeUndefined()
    }
  })

  it('needs the master key that wrapped its key, and the version and cipher for which it was wrapped', () => {
    const [first] = wrapped
    if (first === undefined) throw new Error('there is a key')
    const stranger = tagKeysOf(keyringOf(Buffer.alloc(32, 9)), wrapped)
    expect(() => stranger.open(place, sealed)).toThrow()
    expect(() => tagKeysOf(keyring, [{ ...first, version: 2 }]).open(place, sealed)).toThrow()
    const other = cipher === 'SM4' ? 'AES-256-GCM' : 'SM4'
    expect(() => tagKeysOf(keyring, [{ ...first, cipher: other }]).seal(place, VALUE)).toThrow()
  })
})
