import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '../kernel/fault.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'

/** A partner's public key (RFC 7517), with which its client signs assertions. */
export type PublicJwk =
  | {
      readonly kty: 'EC'
      readonly crv: 'P-256'
      readonly x: string
      readonly y: string
      readonly alg: 'ES256'
      readonly kid: string
      readonly use: 'sig'
    }
  | {
      readonly kty: 'RSA'
      readonly n: string
      readonly e: string
      readonly alg: 'PS256'
      readonly kid: string
      readonly use: 'sig'
    }

/** A set of public keys, each under its own `kid`. */
export type PublicJwks = { readonly keys: readonly PublicJwk[] }

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const
const SMALLEST_RSA_BITS = 2048
const LARGEST_RSA_BITS = 8192
const SMALLEST_EXPONENT = 65_537n

const base64url = z
  .string()
  .max(2000)
  .regex(/^[A-Za-z0-9_-]+$/, 'it is not base64url')
const common = {
  kid: lineOfText(200),
  use: z.literal('sig').optional(),
  // WebCrypto writes these two when it exports a key
  key_ops: z.tuple([z.literal('verify')]).optional(),
  ext: z.boolean().optional(),
}
const publicKey = z.discriminatedUnion(
  'kty',
  [
    z.strictObject({
      ...common,
      kty: z.literal('EC'),
      crv: z.literal('P-256'),
      x: base64url,
      y: base64url,
      alg: z.literal('ES256').optional(),
    }),
    z.strictObject({
      ...common,
      kty: z.literal('RSA'),
      n: base64url,
      e: base64url,
      alg: z.literal('PS256').optional(),
    }),
  ],
  'a key is EC on P-256 for ES256, or RSA for PS256',
)
const keySet = z.strictObject({ keys: z.array(z.looseObject({})).min(1).max(10) })

type ParsedKey = z.infer<typeof publicKey>

/**
 * Reads a client's key set from outside: 1 to 10 public keys for ES256 (EC on P-256) or PS256 (RSA, 2048 to 8192 bits), each
 * under a `kid` of its own. Throws `INVALID_INPUT` on anything else, a private key above all; the message never repeats it.
 * Keys are given inline only: we fetch no `jwks_uri`.
 */
export function parseJwks(value: unknown): PublicJwks {
  const { keys } = parseWith(keySet, value, 'jwks')
  refusePrivate(keys)
  const parsed = keys.map((key, index) => toPublicJwk(parseWith(publicKey, key, `jwks: keys.${index}`), index))
  if (new Set(parsed.map(({ kid }) => kid)).size < parsed.length) refuse('jwks: two keys have the same kid')
  return { keys: parsed }
}

function refusePrivate(keys: readonly object[]): void {
  keys.forEach((key, index) => {
    const found = PRIVATE_MEMBERS.filter((member) => Object.hasOwn(key, member))
    if (found.length === 0) return
    refuse(
      `jwks: keys.${index} holds a secret (${found.join(', ')}): send public keys only, and replace this one, it has been disclosed`,
    )
  })
}

function toPublicJwk(key: ParsedKey, index: number): PublicJwk {
  const { kid, kty } = key
  const imported = importKey(key, index)
  // the key's own export, so that what is kept is in one form and holds nothing but the key
  const { x = '', y = '', n = '', e = '' } = imported.export({ format: 'jwk' })
  if (kty === 'EC') return { kty, crv: 'P-256', x, y, alg: 'ES256', kid, use: 'sig' }
  requireStrength(imported, index)
  return { kty, n, e, alg: 'PS256', kid, use: 'sig' }
}

/** OpenSSL refuses a point that is not on the curve, and numbers that make no key. */
function importKey(key: ParsedKey, index: number): KeyObject {
  try {
    return createPublicKey({ key: materialOf(key), format: 'jwk' })
  } catch (cause) {
    throw new Fault('INVALID_INPUT', `jwks: keys.${index} is no valid public key`, { field: 'jwks', cause })
  }
}

function materialOf(key: ParsedKey): JsonWebKey {
  return key.kty === 'EC' ? { kty: key.kty, crv: key.crv, x: key.x, y: key.y } : { kty: key.kty, n: key.n, e: key.e }
}

function requireStrength(key: KeyObject, index: number): void {
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < SMALLEST_RSA_BITS || modulusLength > LARGEST_RSA_BITS) {
    refuse(
      `jwks: keys.${index} has ${modulusLength} bits; RSA keys have from ${SMALLEST_RSA_BITS} to ${LARGEST_RSA_BITS}`,
    )
  }
  if (publicExponent < SMALLEST_EXPONENT) refuse(`jwks: keys.${index} has a public exponent below ${SMALLEST_EXPONENT}`)
}

function refuse(message: string): never {
  throw new Fault('INVALID_INPUT', message, { field: 'jwks' })
}
