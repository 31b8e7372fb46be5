import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../../database/context.ts'

/** Work that goes on beside the requests, turn after turn. */
export type Turns = {
  /** For the log, when a turn fails: “the log could not be sealed”. */
  readonly failed: string
  /** How long to wait after a turn that did less than a full one. */
  readonly pauseMs: number
  /** How much a full turn does, after which the next one comes at once; 1 unless given. */
  readonly full?: number
  /** One turn; says how much it did. */
  readonly work: () => Promise<number>
}

/**
 * Takes turns until it is stopped; `stop` waits for the one under way. A fault in a turn is loud but does not end the
 * process: the next turn comes as soon as the database answers.
 */
export function takeTurns(context: Context, turns: Turns): { readonly stop: () => Promise<void> } {
  const ending = new AbortController()
  const ended = untilStopped(context, turns, ending.signal)
  return {
    stop: async () => {
      ending.abort()
      await ended
    },
  }
}

async function untilStopped(context: Context, turns: Turns, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const done = await takeTurn(context, turns)
    if (done < (turns.full ?? 1)) await sleep(turns.pauseMs, undefined, { signal }).catch(() => {})
  }
}

async function takeTurn({ log }: Context, { work, failed }: Turns): Promise<number> {
  try {
    return await work()
  } catch (error) {
    log.error({ reason: error instanceof Error ? error.message : 'unknown' }, failed)
    return 0
  }
}
