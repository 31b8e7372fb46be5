import { createHmac, randomBytes } from 'node:crypto'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { decrypt, encrypt } from '../../records/encryption.ts'

/** Which secret of which endpoint. */
export type SecretPlace = { readonly endpoint: Id<'whe'>; readonly version: number }

const PREFIX = 'whsec_'
const BYTES = 32

/** A new secret, as it is shown once, and as it is kept. */
export function newSecret(context: Context, place: SecretPlace): { readonly text: string; readonly sealed: Buffer } {
  const key = randomBytes(BYTES)
  const sealed = encrypt(context.keyring.key('webhook-secrets'), placeOf(place), key)
  return { text: `${PREFIX}${key.toString('base64')}`, sealed }
}

/** A secret that was kept, as bytes. */
export function openSecret({ keyring }: Pick<Context, 'keyring'>, place: SecretPlace, sealed: Uint8Array): Buffer {
  return decrypt(keyring.key('webhook-secrets'), placeOf(place), sealed)
}

/** A message as it is signed. */
export type SignedMessage = { readonly id: string; readonly timestamp: number; readonly body: string }

/**
 * The header `webhook-signature` (Standard Webhooks 1.0): HMAC-SHA-256 of `id.timestamp.body` by each secret that is good,
 * the newest first, each as `v1,<base64>`.
 */
export function signatureOf(secrets: readonly Buffer[], { id, timestamp, body }: SignedMessage): string {
  const text = `${id}.${timestamp}.${body}`
  return secrets.map((secret) => `v1,${createHmac('sha256', secret).update(text).digest('base64')}`).join(' ')
}

function placeOf({ endpoint, version }: SecretPlace): string {
  return `webhook_secrets.sealed:${endpoint}:${version}`
}
