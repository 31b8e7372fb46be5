import type { Database } from '../../database/client.ts'

type Turns = { busy: number; readonly waiting: (() => void)[] }

/** An import holds one connection and needs another: more of them at once could each wait for the other's for ever. */
const MOST_AT_ONCE = 2
const turnsOf = new WeakMap<Database, Turns>()

/** Does the work when fewer than two others of this process are at work on the same pools; waits until then. */
export async function takeTurn<T>(database: Database, work: () => Promise<T>): Promise<T> {
  const turns = turnsOf.get(database) ?? { busy: 0, waiting: [] }
  turnsOf.set(database, turns)
  if (turns.busy < MOST_AT_ONCE) turns.busy++
  else await new Promise<void>((resolve) => turns.waiting.push(resolve))
  try {
    return await work()
  } finally {
    const next = turns.waiting.shift()
    if (next) next()
    else turns.busy--
  }
}
