import { z } from 'zod'
import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { parseId } from '../kernel/ids.ts'
import { parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import { type Client, TOKEN_BINDINGS } from './client.ts'
import { parseJwks } from './jwks.ts'
import { redirectUris } from './redirect-uris.ts'
import { selectClient, updateActive } from './store/clients.ts'

const changeClientInput = z
  .strictObject({
    client: z.string(),
    jwks: z.unknown().optional(),
    redirectUris: redirectUris.optional(),
    binding: z.enum(TOKEN_BINDINGS).optional(),
  })
  .refine(({ client: _, ...changes }) => Object.values(changes).filter((change) => change !== undefined).length === 1, {
    error: 'one thing changes at a time: the keys, the redirect addresses, or what tokens are bound to',
  })

/**
 * The client's id, and its new public keys (`jwks.ts`), its new redirect addresses, or what its tokens are bound to from now
 * on; it replaces what there was.
 */
export type ChangeClientInput = z.input<typeof changeClientInput>

/**
 * Replaces the public keys of a client, where browsers may be sent back to, or what tokens are bound to; it counts from the
 * next request on, for tokens that were given before, too. To change keys without a gap, a partner gives a set with the old
 * and the new one, and later one without the old.
 * Throws `INVALID_INPUT` (a private key above all), `NOT_FOUND`, and `WRONG_STATE` when the client was revoked.
 */
export async function changeClient(context: Context, input: ChangeClientInput): Promise<Client> {
  const { client: named, ...changes } = parseWith(changeClientInput, input, 'client')
  const id = parseId('cli', named)
  const { event, change } = changeOf(changes)
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

type Changes = Omit<z.output<typeof changeClientInput>, 'client'>

function changeOf({ jwks, redirectUris: uris, binding }: Changes) {
  if (binding !== undefined) return { event: 'BINDING_SET', change: { binding } } as const
  if (uris !== undefined) return { event: 'REDIRECTS_SET', change: { redirectUris: uris } } as const
  return { event: 'KEYS_REPLACED', change: { jwks: parseJwks(jwks) } } as const
}
