import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../../database/context.ts'
import type { KeyUse } from '../store/signing-keys.ts'
import { type SigningKeys, signingKeys } from './signing-keys.ts'

/** The keys of a use as they are now: another process may have put a new one in place. */
export type KeyWatch = {
  /** The keys, at most some seconds old. */
  readonly keys: () => Promise<SigningKeys>
  /** The keys with one of this name among the published ones, looked for anew if need be. */
  readonly keysWith: (kid: string | undefined) => Promise<SigningKeys>
}

/** How long a process goes on with a key that was retired elsewhere. Others verify what it signs for a day. */
const FRESH_MS = 5000
/**
 * How often an unknown name makes us look again: whoever makes up names shall not make us ask the database each time. Who
 * comes sooner waits for the next look and is not refused: the name may be of a key made since the last one.
 */
const LOOK_AGAIN_MS = 1000

/** Watches the keys of a use, made on first need. What several ask for at once is read once. */
export function watchKeys(context: Context, use: KeyUse): KeyWatch {
  let known: { readonly keys: SigningKeys; readonly readAt: number } | undefined
  let reading: Promise<SigningKeys> | undefined
  const read = async (): Promise<SigningKeys> => {
    const keys = await signingKeys(context, use)
    known = { keys, readAt: performance.now() }
    return keys
  }
  const noOlderThan = async (ageMs: number): Promise<SigningKeys> => {
    if (known !== undefined && performance.now() - known.readAt < ageMs) return known.keys
    reading ??= read().finally(() => {
      reading = undefined
    })
    return reading
  }
  const nextLook = async (): Promise<SigningKeys> => {
    const ageMs = known === undefined ? LOOK_AGAIN_MS : performance.now() - known.readAt
    if (ageMs < LOOK_AGAIN_MS) await sleep(LOOK_AGAIN_MS - ageMs, undefined, { ref: false })
    return noOlderThan(LOOK_AGAIN_MS / 2)
  }
  return {
    keys: () => noOlderThan(FRESH_MS),
    keysWith: async (kid) => {
      const keys = known?.keys ?? (await noOlderThan(FRESH_MS))
      return keys.published.some((key) => key.kid === kid) ? keys : nextLook()
    },
  }
}
