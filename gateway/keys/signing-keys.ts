import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { insertKey, type KeptKey, type KeyUse, selectKeys } from '../store/signing-keys.ts'
import { unwrapKey, wrapKey } from './wrap-key.ts'

/** The keys of one use: `current` signs, all of `published` verify. */
export type SigningKeys = {
  readonly current: { readonly kid: string; readonly privateJwk: JWK }
  readonly published: readonly JWK[]
}

/**
 * The ES256 keys of a use, made on first need. Processes that start together come to the same key: all but one find the
 * place taken, and every one reads what was kept.
 */
export async function signingKeys(context: Context, use: KeyUse): Promise<SigningKeys> {
  const known = await selectKeys(context.database.reads, use)
  const kept = known.some(({ retired }) => !retired) ? known : await makeKey(context, use)
  const current = kept[0]
  invariant(current && !current.retired, 'a key that was made is there')
  return {
    current: { kid: current.kid, privateJwk: openKey(context, current) },
    published: kept.map(({ publicJwk }) => publicJwk),
  }
}

async function makeKey(context: Context, use: KeyUse): Promise<readonly KeptKey[]> {
  const key = await makeKeyPair(context)
  await context.database.transaction((tx) => insertKey(tx, { use, ...key }))
  return selectKeys(context.database.reads, use)
}

/** A new ES256 key under its thumbprint, the private half wrapped. */
export async function makeKeyPair(context: Context): Promise<Omit<KeptKey, 'retired'>> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const kid = await calculateJwkThumbprint(await exportJWK(publicKey))
  const common = { kid, alg: 'ES256', use: 'sig' }
  const secret = JSON.stringify({ ...(await exportJWK(privateKey)), ...common })
  const wrapped = wrapKey(context.keyring.key('signing-keys'), placeOf(kid), secret)
  const publicJwk = { ...(await exportJWK(publicKey)), ...common }
  return { kid, wrapped, publicJwk }
}

function openKey(context: Context, { kid, wrapped }: KeptKey): JWK {
  return JSON.parse(unwrapKey(context.keyring.key('signing-keys'), placeOf(kid), wrapped))
}

/** Table, column and row of a wrapped key: what it is bound to. */
function placeOf(kid: string): string {
  return `signing_keys.wrapped:${kid}`
}
