import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { type ProofUse, type ProofVerdict, useProofs } from '../store/dpop-replays.ts'
import { PROOF_AHEAD_SECONDS, PROOF_LIFE_SECONDS } from './proof-window.ts'

/** Uses a proof once: over all processes that share the database, one use of it is fresh. */
export type ProofRegister = (use: ProofUse) => Promise<ProofVerdict>

type Waiting = {
  readonly use: ProofUse
  readonly resolve: (verdict: ProofVerdict) => void
  readonly reject: (error: unknown) => void
}

const MOST_AT_ONCE = 500
const REPLAYED: ProofVerdict = { fresh: false, tokens: true, said: null, otherwise: 'RESTRICTED' }
const KEPT_SECONDS = PROOF_LIFE_SECONDS + PROOF_AHEAD_SECONDS + 30

/** A register that gathers what is used while a statement runs into the next one: a commit serves many requests. */
export function proofRegister(context: Context): ProofRegister {
  let waiting = new Map<string, Waiting>()
  let running = false
  const run = async (): Promise<void> => {
    running = true
    while (waiting.size > 0) {
      const batch = [...waiting.values()].slice(0, MOST_AT_ONCE)
      waiting = new Map([...waiting].slice(MOST_AT_ONCE))
      await settle(context, batch)
    }
    running = false
  }
  return (use) => {
    // the one that waits already goes first: this is a replay, whatever becomes of it
    if (waiting.has(use.proof)) return Promise.resolve(REPLAYED)
    return new Promise((resolve, reject) => {
      waiting.set(use.proof, { use, resolve, reject })
      if (!running) void run()
    })
  }
}

async function settle({ database }: Context, batch: readonly Waiting[]): Promise<void> {
  const uses = batch.map(({ use }) => use)
  try {
    const verdicts = await database.transaction((tx) => useProofs(tx, uses, KEPT_SECONDS))
    for (const { use, resolve } of batch) {
      const verdict = verdicts.get(use.proof)
      invariant(verdict, 'every proof has a verdict')
      resolve(verdict)
    }
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}
