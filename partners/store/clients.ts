import { and, eq } from 'drizzle-orm'
import type { Reader, Transaction } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import type { Client } from '../client.ts'
import type { Partner } from '../partner.ts'
import { clients, partners } from '../tables.ts'
import { partnerOf } from './partners.ts'

type ClientRow = typeof clients.$inferSelect

/** A client and its partner, both as one statement sees them. */
export async function selectClient(
  sql: Reader,
  id: Id<'cli'>,
): Promise<(Client & { readonly partner: Partner }) | undefined> {
  const [row] = await orm(sql)
    .select({ client: clients, partner: partners })
    .from(clients)
    .innerJoin(partners, eq(partners.id, clients.partnerId))
    .where(eq(clients.id, uuidOf(id)))
  return row && { ...clientOf(row.client), partner: partnerOf(row.partner) }
}

/** All clients of a partner, whatever their status, in the order of their ids. */
export async function selectClientsOf(sql: Reader, partner: Id<'ptr'>): Promise<readonly Id<'cli'>[]> {
  const rows = await orm(sql)
    .select({ id: clients.id })
    .from(clients)
    .where(eq(clients.partnerId, uuidOf(partner)))
    .orderBy(clients.id)
  return rows.map(({ id }) => idOf('cli', id))
}

/** Whether the partner has a client that is not revoked. */
export async function hasActiveClient(sql: Reader, partner: Id<'ptr'>): Promise<boolean> {
  const active = and(eq(clients.partnerId, uuidOf(partner)), eq(clients.status, 'ACTIVE'))
  const rows = await orm(sql).select({ id: clients.id }).from(clients).where(active).limit(1)
  return rows.length > 0
}

export async function insertClient(tx: Transaction, client: Client): Promise<void> {
  await orm(tx)
    .insert(clients)
    .values({
      ...client,
      id: uuidOf(client.id),
      partnerId: uuidOf(client.partnerId),
      scopes: [...client.scopes],
      redirectUris: [...client.redirectUris],
    })
}

/** Revokes a client, if nobody has yet; says whether it was active. */
export async function updateRevoked(tx: Transaction, id: Id<'cli'>, at: Date): Promise<boolean> {
  const active = and(eq(clients.id, uuidOf(id)), eq(clients.status, 'ACTIVE'))
  const rows = await orm(tx)
    .update(clients)
    .set({ status: 'REVOKED', revokedAt: at })
    .where(active)
    .returning({ id: clients.id })
  return rows.length === 1
}

/** Puts keys, redirect addresses or a binding in the place of those that an active client has; says whether it was active. */
export async function updateActive(
  tx: Transaction,
  id: Id<'cli'>,
  { jwks, redirectUris, binding }: Partial<Pick<Client, 'jwks' | 'redirectUris' | 'binding'>>,
): Promise<boolean> {
  const active = and(eq(clients.id, uuidOf(id)), eq(clients.status, 'ACTIVE'))
  const rows = await orm(tx)
    .update(clients)
    .set({
      ...(jwks && { jwks }),
      ...(redirectUris && { redirectUris: [...redirectUris] }),
      ...(binding && { binding }),
    })
    .where(active)
    .returning({ id: clients.id })
  return rows.length === 1
}

function clientOf({ revokedAt, ...row }: ClientRow): Client {
  const client = { ...row, id: idOf('cli', row.id), partnerId: idOf('ptr', row.partnerId) }
  return revokedAt === null ? client : { ...client, revokedAt }
}
