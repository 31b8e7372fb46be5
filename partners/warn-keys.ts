import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { appendRecords } from '../records/append-records.ts'
import { keysDueAt, warnedBefore } from './client-keys.ts'
import { takeUnwarned } from './store/warned-keys.ts'

/** Clients that one transaction warns. */
const BATCH_ROWS = 500

/**
 * Warns the partners whose active clients should have other keys within a month, or should have had them: a record for each
 * client and each set of its keys, once, which the partner is told by `client.keys_due`. Partners who are sent no webhooks in
 * their status are warned when they are. Returns how many clients there were.
 */
export async function warnKeys(context: Context): Promise<number> {
  let warned = 0
  for (;;) {
    const count = await warnSome(context)
    warned += count
    if (count < BATCH_ROWS) return warned
  }
}

async function warnSome(context: Context): Promise<number> {
  const at = context.clock.now()
  return context.database.transaction(async (tx) => {
    const found = await takeUnwarned(tx, warnedBefore(at), BATCH_ROWS)
    await appendRecords(
      { ...context, clock: clockAt(at) },
      tx,
      found.map(({ id: client, partnerId: partner, keysSince }) => {
        const dueAt = keysDueAt({ keysSince }).toISOString()
        return { kind: 'client', partner, data: { event: 'KEYS_DUE', client, partner, dueAt } } as const
      }),
    )
    return found.length
  })
}
