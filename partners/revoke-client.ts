import { z } from 'zod'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { Fault } from '../kernel/fault.ts'
import { parseId } from '../kernel/ids.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import { onceIfKeyed } from '../records/once-if-keyed.ts'
import type { Client } from './client.ts'
import { requireClient } from './require-client.ts'
import { updateRevoked } from './store/clients.ts'

const revokeClientInput = z.strictObject({
  client: z.string(),
  reason: lineOfText(500),
  idempotencyKey: z.string().optional(),
})

/** The client's id, and why: the partner can read the reason. */
export type RevokeClientInput = z.input<typeof revokeClientInput>

/**
 * Ends a client for good: it gets no token, and tokens it has are good for nothing from the next request on.
 * Throws `INVALID_INPUT`, `NOT_FOUND`, `WRONG_STATE` when it is revoked already, and `IDEMPOTENCY_CONFLICT`.
 */
export async function revokeClient(context: Context, input: RevokeClientInput): Promise<Client> {
  const { client: named, reason, idempotencyKey: key } = parseWith(revokeClientInput, input, 'client')
  const id = parseId('cli', named)
  const scope = `${context.actor}:clients.revoke`
  await onceIfKeyed(context, { scope, key, request: { client: id, reason } }, async (tx) => {
    const { partnerId: partner } = await requireClient(tx, id)
    const revokedAt = context.clock.now()
    if (!(await updateRevoked(tx, id, revokedAt))) throw new Fault('WRONG_STATE', `client ${id} is revoked already`)
    await appendRecords({ ...context, clock: clockAt(revokedAt) }, tx, [
      { kind: 'client', partner, data: { event: 'REVOKED', client: id, partner, reason } },
    ])
    return null
  })
  return requireClient(context.database.reads, id)
}
