import { and, asc, count, desc, eq, gt, lt, sql as part } from 'drizzle-orm'
import type { Reader, Transaction } from '../../database/client.ts'
import { orm } from '../../database/orm.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import type { Page } from '../../kernel/pages.ts'
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

/** Clients by id: of one partner, of keys that are older, beyond one of them. Up to one more than the page holds. */
export async function selectClients(
  sql: Reader,
  {
    partner,
    keysBefore,
    from,
  }: {
    readonly partner: Id<'ptr'> | undefined
    readonly keysBefore: Date | undefined
    readonly from: Id<'cli'> | undefined
  },
  { direction, limit }: Page,
): Promise<readonly Client[]> {
  const forward = direction === 'forward'
  const rows = await orm(sql)
    .select()
    .from(clients)
    .where(
      and(
        partner && eq(clients.partnerId, uuidOf(partner)),
        keysBefore && withKeysBefore(keysBefore),
        from && (forward ? gt : lt)(clients.id, uuidOf(from)),
      ),
    )
    .orderBy((forward ? asc : desc)(clients.id))
    .limit(limit + 1)
  return rows.map(clientOf)
}

/** How many active clients have had their keys since before then. */
export async function countClientsWithKeysBefore(sql: Reader, before: Date): Promise<number> {
  const [row] = await orm(sql).select({ count: count() }).from(clients).where(withKeysBefore(before))
  return row?.count ?? 0
}

function withKeysBefore(before: Date) {
  return and(eq(clients.status, 'ACTIVE'), lt(clients.keysSince, before))
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

/** What of an active client is replaced. */
export type ClientChange = Partial<Pick<Client, 'redirectUris' | 'binding'>> & {
  readonly keys?: Pick<Client, 'jwks' | 'keysSince'> & {
    /** Until when those that it has are accepted as well. */
    readonly formerUntil: Date | undefined
  }
}

/** Puts keys, redirect addresses or a binding in the place of those that an active client has; says whether it was active. */
export async function updateActive(
  tx: Transaction,
  id: Id<'cli'>,
  { keys, redirectUris, binding }: ClientChange,
): Promise<boolean> {
  const active = and(eq(clients.id, uuidOf(id)), eq(clients.status, 'ACTIVE'))
  const rows = await orm(tx)
    .update(clients)
    .set({
      ...(keys && {
        jwks: keys.jwks,
        keysSince: keys.keysSince,
        formerJwks: keys.formerUntil === undefined ? null : part`${clients.jwks}`,
        formerUntil: keys.formerUntil ?? null,
      }),
      ...(redirectUris && { redirectUris: [...redirectUris] }),
      ...(binding && { binding }),
    })
    .where(active)
    .returning({ id: clients.id })
  return rows.length === 1
}

function clientOf({ revokedAt, formerJwks, formerUntil, keysWarned: _, ...row }: ClientRow): Client {
  const client = { ...row, id: idOf('cli', row.id), partnerId: idOf('ptr', row.partnerId) }
  return {
    ...client,
    ...(formerJwks !== null && formerUntil !== null && { former: { jwks: formerJwks, until: formerUntil } }),
    ...(revokedAt !== null && { revokedAt }),
  }
}
