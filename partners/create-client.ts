import { z } from 'zod'
import type { Transaction } from '../database/client.ts'
import type { Context } from '../database/context.ts'
import { SCOPES, type Scope } from '../kernel/caller.ts'
import { clockAt } from '../kernel/clock.ts'
import { Fault } from '../kernel/fault.ts'
import { newId } from '../kernel/ids.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { appendRecords } from '../records/append-records.ts'
import { onceIfKeyed } from '../records/once-if-keyed.ts'
import { type Client, TOKEN_BINDINGS } from './client.ts'
import { parseJwks } from './jwks.ts'
import { EXIT_SCOPES } from './offboarding/exit-scopes.ts'
import type { PartnerStatus } from './partner.ts'
import { redirectUris } from './redirect-uris.ts'
import { requireClient } from './require-client.ts'
import { insertClient } from './store/clients.ts'
import { holdStatus, requirePartner } from './store/partners.ts'

const createClientInput = z.strictObject({
  partner: lineOfText(60),
  name: lineOfText(200),
  jwks: z.unknown(),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .refine((scopes) => new Set(scopes).size === scopes.length, 'a scope is named twice'),
  redirectUris: redirectUris.default([]),
  binding: z.enum(TOKEN_BINDINGS).default('DPOP'),
  idempotencyKey: z.string().optional(),
})

/**
 * The partner by id or code, the client's name, its public keys (`jwks.ts`), what its tokens may allow, where the browser
 * may be sent back to when it asks customers, and what its tokens are bound to (DPoP).
 */
export type CreateClientInput = z.input<typeof createClientInput>

const OVER: ReadonlySet<PartnerStatus> = new Set(['CLOSED', 'REJECTED'])

/**
 * Registers an OAuth client of a partner; its id is the `client_id`. Throws `INVALID_INPUT` (a private key above all),
 * `NOT_FOUND`, `WRONG_STATE` when the partner was rejected or has left, or leaves and a scope is none of those for that,
 * and `IDEMPOTENCY_CONFLICT`.
 */
export async function createClient(context: Context, input: CreateClientInput): Promise<Client> {
  const { partner: named, idempotencyKey: key, ...details } = parseWith(createClientInput, input, 'client')
  const jwks = parseJwks(details.jwks)
  const request = { partner: named, ...details, jwks }
  const created = await onceIfKeyed(context, { scope: `${context.actor}:clients.create`, key, request }, async (tx) => {
    const { id: partnerId } = await requireOpenPartner(tx, named, details.scopes)
    const createdAt = context.clock.now()
    const client: Client = {
      id: newId('cli'),
      partnerId,
      ...details,
      jwks,
      keysSince: createdAt,
      status: 'ACTIVE',
      createdAt,
    }
    await insertClient(tx, client)
    const record = { kind: 'client', partner: partnerId, data: createdData(client) } as const
    await appendRecords({ ...context, clock: clockAt(createdAt) }, tx, [record])
    return client.id
  })
  return requireClient(context.database.reads, created)
}

async function requireOpenPartner(
  tx: Transaction,
  named: string,
  scopes: readonly Scope[],
): Promise<{ readonly id: Client['partnerId'] }> {
  const { id, code } = await requirePartner(tx, named)
  const status = await holdStatus(tx, id)
  if (OVER.has(status)) throw new Fault('WRONG_STATE', `partner ${code} is ${status}: it is given no more clients`)
  if (status === 'OFFBOARDING' && !scopes.every((scope) => EXIT_SCOPES.has(scope))) {
    const some = [...EXIT_SCOPES].join(', ')
    throw new Fault('WRONG_STATE', `partner ${code} leaves: a client may have ${some} until then`, { field: 'scopes' })
  }
  return { id }
}

function createdData({ id, partnerId, name, jwks, scopes, redirectUris, binding, status }: Client) {
  return {
    event: 'CREATED',
    client: id,
    partner: partnerId,
    name,
    jwks,
    scopes,
    redirectUris,
    binding,
    status,
  } as const
}
