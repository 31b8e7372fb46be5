import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { clockAt } from '../../kernel/clock.ts'
import type { Id } from '../../kernel/ids.ts'
import { appendRecords } from '../../records/append-records.ts'
import { selectClientsOf, updateRevoked } from '../store/clients.ts'

/** Which clients of the partner, all of them when none is named, and why: the partner can read the reason. */
export type RevokeClientsInput = {
  readonly partner: Id<'ptr'>
  readonly clients: readonly Id<'cli'>[]
  readonly reason: string
}

/**
 * Ends clients of a partner for good, each with its record: their tokens are good for nothing from the next request on. Those
 * that were revoked before stay so. Returns how many of those that are meant are revoked now.
 */
export async function revokeClients(context: Context, input: RevokeClientsInput): Promise<number> {
  return context.database.transaction(async (tx) => (await revokeClientsIn(context, tx, input)).meant)
}

/** The same in the caller's transaction; with how many were revoked by it. */
export async function revokeClientsIn(
  context: Context,
  tx: Transaction,
  { partner, clients, reason }: RevokeClientsInput,
): Promise<{ readonly meant: number; readonly ended: number }> {
  const known = await selectClientsOf(tx, partner)
  const meant = known.filter((client) => clients.length === 0 || clients.includes(client))
  const revokedAt = context.clock.now()
  const ended: Id<'cli'>[] = []
  for (const client of meant) if (await updateRevoked(tx, client, revokedAt)) ended.push(client)
  await appendRecords(
    { ...context, clock: clockAt(revokedAt) },
    tx,
    ended.map((client) => ({ kind: 'client', partner, data: { event: 'REVOKED', client, partner, reason } })),
  )
  return { meant: meant.length, ended: ended.length }
}
