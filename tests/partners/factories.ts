import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import type { Pool } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Client } from '../../partners/client.ts'
import { createClient } from '../../partners/create-client.ts'
import { createPartner } from '../../partners/create-partner.ts'
import { goLive } from '../../partners/go-live.ts'
import type { Partner } from '../../partners/partner.ts'

let made = 0

/** A partner in the sandbox, with a code of its own. */
export async function sandboxPartner(context: Context, code = `partner-${++made}`): Promise<Partner> {
  return createPartner(context, { code, name: 'Harbour Bank', kind: 'BANK' })
}

/** A live partner with one client. */
export async function livePartner(context: Context): Promise<{ readonly partner: Partner; readonly client: Client }> {
  const { id } = await sandboxPartner(context)
  const client = await activeClient(context, id)
  return { partner: await goLive(context, { partner: id }), client }
}

/** An active client of a partner. */
export async function activeClient(context: Context, partner: string): Promise<Client> {
  return createClient(context, {
    partner,
    name: 'Back office',
    jwks: { keys: [ecKey('k1')] },
    scopes: ['customers:read'],
  })
}

/** A fresh public key for ES256. */
export function ecKey(kid: string): JsonWebKey {
  return { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }), kid }
}

/** A fresh public key for PS256. */
export function rsaKey(kid: string, modulusLength = 2048, publicExponent = 65_537): JsonWebKey {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent })
  return { ...publicKey.export({ format: 'jwk' }), kid }
}

/** Bodies of the records of one kind that name an id, in the order they were written. */
export async function recordsNaming(
  context: Context,
  { kind, id }: { readonly kind: string; readonly id: string },
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows = await context.database.reads<{ data: Record<string, unknown> }[]>`
    select body::jsonb -> 'data' as data from records
    where kind = ${kind} and position(${id} in body) > 0 order by tx_id, id`
  return rows.map(({ data }) => data)
}

/** Until a statement in this pool's database waits for a lock. */
export async function somebodyWaits(pool: Pool): Promise<void> {
  for (;;) {
    const waiting = await pool`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    if (waiting.length > 0) return
  }
}
