import type { Transaction } from '../../database/client.ts'
import { type Context, DEFAULT_TAG_CIPHER } from '../../database/context.ts'
import { holdTagKeys, insertTagKey } from './store/tag-keys.ts'
import { newTagKey, type TagKeys, tagKeysOf } from './tag-keys.ts'

/** Who begins a key, and with what. */
type Beginning = Pick<Context, 'keyring' | 'clock' | 'actor' | 'tagCipher'>

/** The keys for a transaction that writes values: none of them is retired before it ends. The first one is made here. */
export async function tagKeysForWriting(context: Beginning, tx: Transaction): Promise<TagKeys> {
  const held = await holdTagKeys(tx)
  if (held.length > 0) return tagKeysOf(context.keyring, held)
  await beginTagKey(context, tx, 1)
  // read again in a statement of its own: another transaction's key, if it came first, is the one that holds
  return tagKeysOf(context.keyring, await holdTagKeys(tx))
}

/** Begins a version of the key, under the cipher of the settings. */
export async function beginTagKey(context: Beginning, tx: Transaction, version: number): Promise<void> {
  const { keyring, tagCipher = DEFAULT_TAG_CIPHER, actor: by } = context
  await insertTagKey(tx, newTagKey(keyring, version, tagCipher), { by, at: context.clock.now() })
}
