import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { invariant } from '../kernel/invariant.ts'
import { decrypt, encrypt } from './encryption.ts'
import { isSignerName, type NoteVerifier } from './notes/signed-note.ts'
import { insertLogKey, selectLogKey, type WrappedLogKey } from './store/log-keys.ts'

/** The key that signs a log's checkpoints. */
export type LogKey = NoteVerifier & { readonly privateKey: KeyObject }

const PUBLIC_KEY_BYTES = 32

/**
 * The key of the log with this name, made when it is first asked for; processes that ask at once get the same one.
 * Throws `INVALID_INPUT` for a name that a note cannot hold.
 */
export async function logKey(context: Context, name: string): Promise<LogKey> {
  if (!isSignerName(name)) {
    throw new Fault('INVALID_INPUT', 'a log’s name has no spaces and no plus signs', { field: 'origin' })
  }
  return (await findLogKey(context, name)) ?? makeKey(context, name)
}

/** A key as it was kept elsewhere, opened. Throws an error of OpenSSL when it was wrapped under another master key. */
export function openLogKey(context: Context, name: string, kept: WrappedLogKey): LogKey {
  return open(context, name, kept)
}

/** The key of the log with this name, if there is one. */
export async function findLogKey(context: Context, name: string): Promise<LogKey | undefined> {
  const known = await selectLogKey(context.database.reads, name)
  return known && open(context, name, known)
}

async function makeKey(context: Context, name: string): Promise<LogKey> {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const key: WrappedLogKey = {
    publicKey: rawPublicKey(publicKey),
    wrapped: encrypt(wrappingKey(context), placeOf(name), privateKey.export({ format: 'der', type: 'pkcs8' })),
  }
  const kept = await context.database.transaction(async (tx) => {
    await insertLogKey(tx, name, key, context.clock.now())
    return selectLogKey(tx, name)
  })
  invariant(kept, 'a log’s key that was made is there')
  return open(context, name, kept)
}

/** The public key is told by the private one, which nobody without the keyring could have put there. */
function open(context: Context, name: string, { publicKey, wrapped }: WrappedLogKey): LogKey {
  const pkcs8 = decrypt(wrappingKey(context), placeOf(name), wrapped)
  const privateKey = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
  const told = rawPublicKey(createPublicKey(privateKey))
  invariant(told.equals(publicKey), `the public key of the log ${name} is not the one of its private key`)
  return { name, publicKey: told, privateKey }
}

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(-PUBLIC_KEY_BYTES)
}

function wrappingKey(context: Context): Buffer {
  return context.keyring.key('signing-keys')
}

function placeOf(name: string): string {
  return `log_keys.wrapped:1:${name}`
}
