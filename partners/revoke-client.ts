import { z } from 'zod'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { Fault } from '../kernel/fault.ts'
import { parseId } from '../kernel/ids.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import type { Client } from './client.ts'
import { selectClient, updateRevoked } from './store/clients.ts'

const revokeClientInput = z.strictObject({ client: z.string(), reason: lineOfText(500) })

/** The client's id, and why: the partner can read the reason. */
export type RevokeClientInput = z.input<typeof revokeClientInput>

/**
 * Ends a client for good: it gets no token, and tokens it has are good for nothing from the next request on.
 * Throws `INVALID_INPUT`, `NOT_FOUND`, and `WRONG_STATE` when it is revoked already.
 */
export async function revokeClient(context: Context, input: RevokeClientInput): Promise<Client> {
  const { client: named, reason } = parseWith(revokeClientInput, input, 'client')
  const id = parseId('cli', named)
  return context.database.transaction(async (tx) => {
    const found = await selectClient(tx, id)
    if (found === undefined) throw new Fault('NOT_FOUND', `there is no client ${id}`)
    const { partner, ...client } = found
    const revokedAt = context.clock.now()
    if (!(await updateRevoked(tx, id, revokedAt))) throw new Fault('WRONG_STATE', `client ${id} is revoked already`)
    await appendRecords({ ...context, clock: clockAt(revokedAt) }, tx, [
      { kind: 'client', partner: partner.id, data: { event: 'REVOKED', client: id, partner: partner.id, reason } },
    ])
    return { ...client, status: 'REVOKED', revokedAt }
  })
}
