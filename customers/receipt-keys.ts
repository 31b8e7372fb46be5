import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { Context } from '../database/context.ts'
import { invariant } from '../kernel/invariant.ts'
import { decrypt, encrypt } from '../records/encryption.ts'
import { insertReceiptKey, type KeptReceiptKey, selectReceiptKeys } from './store/receipt-keys.ts'

/** The key that signs receipts now. */
export type ReceiptKey = { readonly kid: string; readonly privateKey: Awaited<ReturnType<typeof importJWK>> }

/** The ES256 key that signs receipts, made on first need; processes that ask at once come to the same one. */
export async function receiptKey(context: Context): Promise<ReceiptKey> {
  const known = (await selectReceiptKeys(context.database.reads)).find(({ retired }) => !retired)
  const kept = known ?? (await makeKey(context))
  const secret = decrypt(wrappingKey(context), placeOf(kept.kid), kept.wrapped)
  return { kid: kept.kid, privateKey: await importJWK(JSON.parse(secret.toString()), 'ES256') }
}

/** All public keys that ever signed receipts, as a JWK set (RFC 7517): whoever has it can check any receipt without us. */
export async function receiptKeySet(context: Context): Promise<{ readonly keys: readonly JWK[] }> {
  await receiptKey(context)
  return { keys: (await selectReceiptKeys(context.database.reads)).map(({ publicJwk }) => publicJwk) }
}

async function makeKey(context: Context): Promise<KeptReceiptKey> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const kid = await calculateJwkThumbprint(await exportJWK(publicKey))
  const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }
  const wrapped = encrypt(wrappingKey(context), placeOf(kid), JSON.stringify(await exportJWK(privateKey)))
  const kept = await context.database.transaction(async (tx) => {
    await insertReceiptKey(tx, { kid, wrapped, publicJwk }, context.clock.now())
    return selectReceiptKeys(tx)
  })
  const current = kept.find(({ retired }) => !retired)
  invariant(current, 'a key for receipts that was made is there')
  return current
}

function wrappingKey(context: Context): Buffer {
  return context.keyring.key('signing-keys')
}

function placeOf(kid: string): string {
  return `receipt_keys.wrapped:1:${kid}`
}
