import { z } from 'zod'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { parseId } from '../kernel/ids.ts'
import { parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import type { Client } from './client.ts'
import { parseJwks } from './jwks.ts'
import { redirectUris } from './redirect-uris.ts'
import { selectClient, updateActive } from './store/clients.ts'

const changeClientInput = z
  .strictObject({ client: z.string(), jwks: z.unknown().optional(), redirectUris: redirectUris.optional() })
  .refine(({ jwks, redirectUris: uris }) => (jwks === undefined) !== (uris === undefined), {
    error: 'one thing changes at a time: the keys, or the redirect addresses',
  })

/** The client's id, and its new public keys (`jwks.ts`) or its new redirect addresses; they replace the old ones. */
export type ChangeClientInput = z.input<typeof changeClientInput>

/**
 * Replaces the public keys of a client, or where browsers may be sent back to; it counts from the next request on. To change
 * keys without a gap, a partner gives a set with the old and the new one, and later one without the old.
 * Throws `INVALID_INPUT` (a private key above all), `NOT_FOUND`, and `WRONG_STATE` when the client was revoked.
 */
export async function changeClient(context: Context, input: ChangeClientInput): Promise<Client> {
  const { client: named, jwks, redirectUris: uris } = parseWith(changeClientInput, input, 'client')
  const id = parseId('cli', named)
  const change = uris === undefined ? { jwks: parseJwks(jwks) } : { redirectUris: uris }
  const event = uris === undefined ? 'KEYS_REPLACED' : 'REDIRECTS_SET'
  return context.database.transaction(async (tx) => {
    const found = await selectClient(tx, id)
    if (found === undefined) throw new Fault('NOT_FOUND', `there is no client ${id}`)
    const { partner, ...client } = found
    if (!(await updateActive(tx, id, change))) throw new Fault('WRONG_STATE', `client ${id} is revoked`)
    await appendRecords(context, tx, [
      { kind: 'client', partner: partner.id, data: { event, client: id, partner: partner.id, ...change } },
    ])
    return { ...client, ...change }
  })
}
