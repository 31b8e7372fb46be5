import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { signingKeys } from '../../gateway/keys/signing-keys.ts'
import { watchKeys } from '../../gateway/keys/watch-keys.ts'
import { unwrapKey, wrapKey } from '../../gateway/keys/wrap-key.ts'
import { keyringOf } from '../../kernel/keyring.ts'
import { useWorld } from '../support/database.ts'

const world = useWorld()

describe('signing keys', () => {
  it('are one for each use, whoever asks first, and however many at once', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, () => signingKeys(world.context, 'oauth')))
    expect(new Set(all.map(({ current }) => current.kid)).size).toBe(1)
    const other = await signingKeys(world.context, 'development-issuer')
    expect(other.current.kid).not.toBe(all[0]?.current.kid)
  })

  it('are published without their private half', async () => {
    const { current, published } = await signingKeys(world.context, 'oauth')
    expect(current.privateJwk).toHaveProperty('d')
    expect(published).toEqual([expect.not.objectContaining({ d: expect.anything() })])
  })

  it('are followed by another when one is retired, which is published for a day', async () => {
    const before = await signingKeys(world.context, 'oauth')
    await world.owner`update signing_keys set retired_at = now() where kid = ${before.current.kid}`
    const after = await signingKeys(world.context, 'oauth')
    expect(after.current.kid).not.toBe(before.current.kid)
    expect(after.published.map(({ kid }) => kid)).toEqual([after.current.kid, before.current.kid])
    await world.owner`update signing_keys set retired_at = now() - interval '2 days' where kid = ${before.current.kid}`
    expect((await signingKeys(world.context, 'oauth')).published.map(({ kid }) => kid)).toEqual([after.current.kid])
  })

  it('do not open for another master key', async () => {
    await signingKeys(world.context, 'oauth')
    const stranger = { ...world.context, keyring: keyringOf(Buffer.alloc(32, 8)) }
    await expect(signingKeys(stranger, 'oauth')).rejects.toThrow()
  })
})

describe('watched keys', () => {
  it('hold one that was made elsewhere since the last look, for all who ask for it at once', async () => {
    const watch = watchKeys(world.context, 'oauth')
    const { current } = await watch.keys()
    await world.owner`update signing_keys set retired_at = now() where kid = ${current.kid}`
    const made = (await signingKeys(world.context, 'oauth')).current.kid
    const found = await Promise.all(Array.from({ length: 5 }, () => watch.keysWith(made)))
    for (const { published } of found) expect(published.map(({ kid }) => kid)).toContain(made)
  })

  it('are looked at once for many names that nobody has', async () => {
    const watch = watchKeys(world.context, 'oauth')
    await watch.keys()
    const found = await Promise.all(Array.from({ length: 20 }, (_, name) => watch.keysWith(`nobody-${name}`)))
    expect(new Set(found).size).toBe(1)
  })
})

describe('a wrapped key', () => {
  const wrapping = randomBytes(32)

  it('opens in its place', () => {
    expect(unwrapKey(wrapping, 'place', wrapKey(wrapping, 'place', 'secret é'))).toBe('secret é')
  })

  it('opens in no other place, and under no other key', () => {
    const wrapped = wrapKey(wrapping, 'place', 'secret')
    expect(() => unwrapKey(wrapping, 'other', wrapped)).toThrow()
    expect(() => unwrapKey(randomBytes(32), 'place', wrapped)).toThrow()
  })

  it('does not open when any byte of it was changed, or its end is gone', () => {
    const wrapped = wrapKey(wrapping, 'place', 'secret')
    for (let at = 0; at < wrapped.length; at++) {
      const changed = Buffer.from(wrapped)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => unwrapKey(wrapping, 'place', changed)).toThrow()
    }
    expect(() => unwrapKey(wrapping, 'place', wrapped.subarray(0, 20))).toThrow()
  })
})
