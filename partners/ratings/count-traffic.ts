import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { addAttempts, addTraffic, deleteOldTraffic } from './store/traffic.ts'
import type { TrafficCounts } from './traffic.ts'

/** Adds what was counted of partners to the present hour. */
export async function countTraffic({ database }: Context, counts: readonly TrafficCounts[]): Promise<void> {
  if (counts.length > 0) await database.transaction((tx) => addTraffic(tx, counts))
}

/** What came of one message to a partner: whether its endpoint took it, and within a second. */
export type TriedMessage = { readonly partner: Id<'ptr'>; readonly taken: boolean; readonly prompt: boolean }

/** Adds messages that were tried to the present hour. */
export async function countAttempts({ database }: Context, tried: readonly TriedMessage[]): Promise<void> {
  if (tried.length === 0) return
  const byPartner = Map.groupBy(tried, ({ partner }) => partner)
  const counts = [...byPartner].map(([partner, some]) => {
    const taken = some.filter((one) => one.taken)
    return { partner, attempts: some.length, taken: taken.length, prompt: taken.filter(({ prompt }) => prompt).length }
  })
  await database.transaction((tx) => addAttempts(tx, counts))
}

/** Hours are kept for as long as the month they are in may be rated anew. */
export const TRAFFIC_DAYS = 100
const BATCH_ROWS = 5000

/** Removes hours that no rating looks at any more. Returns how many went. */
export async function sweepTraffic({ database }: Context): Promise<number> {
  let swept = 0
  for (;;) {
    const count = await database.transaction((tx) => deleteOldTraffic(tx, TRAFFIC_DAYS, BATCH_ROWS))
    swept += count
    if (count < BATCH_ROWS) return swept
  }
}
