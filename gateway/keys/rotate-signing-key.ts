import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { insertKey, type KeyUse, retireKey } from '../store/signing-keys.ts'
import { makeKeyPair } from './signing-keys.ts'

/** The key that signs from now on, and the one that it follows. */
export type RotatedKey = { readonly kid: string; readonly retired: string }

/**
 * Puts a new key in the place of the one that signs. Every process takes it up within seconds, without a restart; the old one
 * is published for a day, and what it signed is verified as long. Throws `WRONG_STATE` when there is no key yet, or another
 * rotation came first.
 */
export async function rotateSigningKey(context: Context, use: KeyUse): Promise<RotatedKey> {
  const key = await makeKeyPair(context)
  return context.database.transaction(async (tx) => {
    const retired = await retireKey(tx, use)
    if (retired === undefined) {
      throw new Fault('WRONG_STATE', 'there is no key to follow: none was made yet, or another rotation came first')
    }
    await insertKey(tx, { use, ...key })
    return { kid: key.kid, retired }
  })
}
