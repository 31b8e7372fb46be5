import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Fault } from '../../kernel/fault.ts'
import { parseJwks } from '../../partners/jwks.ts'
import { ecKey, rsaKey } from './factories.ts'

describe('a key set', () => {
  it('takes ES256 and PS256 keys, and keeps nothing but the keys', () => {
    const ec = ecKey('a')
    const rsa = rsaKey('b')
    const { keys } = parseJwks({ keys: [{ ...ec, alg: 'ES256', use: 'sig', key_ops: ['verify'], ext: true }, rsa] })
    expect(keys).toEqual([
      { kty: 'EC', crv: 'P-256', x: ec.x, y: ec.y, alg: 'ES256', kid: 'a', use: 'sig' },
      { kty: 'RSA', n: rsa.n, e: 'AQAB', alg: 'PS256', kid: 'b', use: 'sig' },
    ])
  })

  it('takes ten keys', () => {
    expect(parseJwks({ keys: Array.from({ length: 10 }, (_, index) => ecKey(`k${index}`)) }).keys).toHaveLength(10)
  })

  it.each([
    ['an EC key with d', () => privateEc(), /holds a secret \(d\)/],
    ['an RSA key with d, p, q, dp, dq, qi', () => privateRsa(), /holds a secret \(d, p, q, dp, dq, qi\)/],
    ['a symmetric key', () => ({ kty: 'oct', kid: 'a', k: 'c2VjcmV0' }), /holds a secret \(k\)/],
    ['a public key that names a private member', () => ({ ...ecKey('a'), d: null }), /holds a secret \(d\)/],
  ])('refuses %s, and says so without repeating it', (_, key, message) => {
    const secret = JSON.stringify(key())
    const fault = refusal({ keys: [key()] })
    expect(fault.message).toMatch(message)
    expect(secret).not.toContain(fault.message)
    expect(fault.message).not.toMatch(/[A-Za-z0-9_-]{30,}/)
  })

  it.each([
    ['an Ed25519 key', () => ({ ...generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }), kid: 'a' })],
    [
      'a P-384 key',
      () => ({ ...generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey.export({ format: 'jwk' }), kid: 'a' }),
    ],
    ['alg RS256', () => ({ ...rsaKey('a'), alg: 'RS256' })],
    ['alg none', () => ({ ...ecKey('a'), alg: 'none' })],
    ['use enc', () => ({ ...ecKey('a'), use: 'enc' })],
    ['key_ops sign', () => ({ ...ecKey('a'), key_ops: ['sign'] })],
    ['no kid', () => ({ ...ecKey('a'), kid: undefined })],
    ['an empty kid', () => ecKey('')],
    ['a point off the curve', () => ({ ...ecKey('a'), y: ecKey('b').y })],
    ['a coordinate that is not base64url', () => ({ ...ecKey('a'), x: '+/==' })],
    ['an RSA key of 1024 bits', () => rsaKey('a', 1024)],
    ['an RSA key with exponent 3', () => rsaKey('a', 2048, 3)],
    ['a certificate by address', () => ({ ...ecKey('a'), x5u: 'https://example.com/cert' })],
    ['no key type', () => ({ kid: 'a' })],
  ])('refuses %s', (_, key) => {
    expect(refusal({ keys: [key()] }).code).toBe('INVALID_INPUT')
  })

  it.each([
    ['nothing', undefined],
    ['text', 'keys'],
    ['no keys', { keys: [] }],
    ['a key that is null', { keys: [null] }],
    ['an address to fetch', { jwks_uri: 'http://127.0.0.1/' }],
    ['an address beside the keys', { keys: [ecKey('a')], jwks_uri: 'http://127.0.0.1/' }],
    ['eleven keys', { keys: Array.from({ length: 11 }, (_, index) => ecKey(`k${index}`)) }],
    ['two keys with one kid', { keys: [ecKey('a'), ecKey('a')] }],
  ])('refuses %s', (_, jwks) => {
    expect(refusal(jwks).code).toBe('INVALID_INPUT')
  })
})

function refusal(jwks: unknown): Fault {
  try {
    parseJwks(jwks)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('it was taken')
}

function privateEc(): object {
  return { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), kid: 'a' }
}

function privateRsa(): object {
  return { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), kid: 'a' }
}
