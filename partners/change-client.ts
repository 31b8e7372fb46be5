import { z } from 'zod'
import type { Context } from '../database/context.ts'
import { clockAt } from '../kernel/clock.ts'
import { Fault } from '../kernel/fault.ts'
import { parseId } from '../kernel/ids.ts'
import { addDays } from '../kernel/month.ts'
import { parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import { onceIfKeyed } from '../records/once-if-keyed.ts'
import { type Client, TOKEN_BINDINGS } from './client.ts'
import { LONGEST_OVERLAP_DAYS } from './client-keys.ts'
import { parseJwks } from './jwks.ts'
import { redirectUris } from './redirect-uris.ts'
import { requireClient } from './require-client.ts'
import { updateActive } from './store/clients.ts'

const changeClientInput = z
  .strictObject({
    client: z.string(),
    jwks: z.unknown().optional(),
    /** For how many days the keys of before are accepted as well. */
    overlapDays: z.int().min(0).max(LONGEST_OVERLAP_DAYS).optional(),
    redirectUris: redirectUris.optional(),
    binding: z.enum(TOKEN_BINDINGS).optional(),
    idempotencyKey: z.string().optional(),
  })
  .refine(
    ({ client: _, overlapDays: __, idempotencyKey: ___, ...changes }) =>
      Object.values(changes).filter((change) => change !== undefined).length === 1,
    {
      error: 'one thing changes at a time: the keys, the redirect addresses, or what tokens are bound to',
    },
  )
  .refine(({ jwks, overlapDays }) => jwks !== undefined || overlapDays === undefined, {
    error: 'an overlap goes with new keys',
    path: ['overlapDays'],
  })

/**
 * The client's id, and its new public keys (`jwks.ts`), its new redirect addresses, or what its tokens are bound to from now
 * on; it replaces what there was.
 */
export type ChangeClientInput = z.input<typeof changeClientInput>

/**
 * Replaces the public keys of a client, where browsers may be sent back to, or what tokens are bound to; it counts from the
 * next request on, for tokens that were given before, too. Keys of before go at once, whoever had them, unless
 * they are to be accepted for some days more.
 * Throws `INVALID_INPUT` (a private key above all), `NOT_FOUND`, `WRONG_STATE` when the client was revoked, and
 * `IDEMPOTENCY_CONFLICT`.
 */
export async function changeClient(context: Context, input: ChangeClientInput): Promise<Client> {
  const { client: named, idempotencyKey: key, ...changes } = parseWith(changeClientInput, input, 'client')
  const id = parseId('cli', named)
  const at = context.clock.now()
  const { change, data } = changeOf(changes, at)
  const { formerUntil: _, ...said } = { formerUntil: undefined, ...data }
  const request = { client: id, ...said, overlapDays: BigInt(changes.overlapDays ?? 0) }
  await onceIfKeyed(context, { scope: `${context.actor}:clients.change`, key, request }, async (tx) => {
    const { partnerId: partner } = await requireClient(tx, id)
    if (!(await updateActive(tx, id, change))) throw new Fault('WRONG_STATE', `client ${id} is revoked`)
    await appendRecords({ ...context, clock: clockAt(at) }, tx, [
      { kind: 'client', partner, data: { client: id, partner, ...data } },
    ])
    return null
  })
  return requireClient(context.database.reads, id)
}

type Changes = Omit<z.output<typeof changeClientInput>, 'client' | 'idempotencyKey'>

function changeOf({ jwks, overlapDays = 0, redirectUris: uris, binding }: Changes, at: Date) {
  if (binding !== undefined) return { change: { binding }, data: { event: 'BINDING_SET', binding } } as const
  if (uris !== undefined) {
    return { change: { redirectUris: uris }, data: { event: 'REDIRECTS_SET', redirectUris: uris } } as const
  }
  const parsed = parseJwks(jwks)
  const formerUntil = overlapDays === 0 ? undefined : addDays(at, overlapDays)
  return {
    change: { keys: { jwks: parsed, keysSince: at, formerUntil } },
    data: { event: 'KEYS_REPLACED', jwks: parsed, formerUntil: formerUntil?.toISOString() },
  } as const
}
