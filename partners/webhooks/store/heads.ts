import type { Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/** Messages of which one waits for the other: those of an endpoint with one order key. */
export type Line = { readonly endpoint: string; readonly orderKey: string }

/**
 * Holds endpoints of a partner, or one endpoint: who changes what waits for one does so alone, since a message that is queued
 * while the one before it is taken would otherwise never become a head. Always before any of its messages.
 */
export async function holdLines(
  tx: Transaction,
  {
    partners = [],
    endpoints = [],
  }: { readonly partners?: readonly Id<'ptr'>[]; readonly endpoints?: readonly string[] },
): Promise<void> {
  await tx`
    select from webhook_endpoints
    where partner_id = any (${partners.map(uuidOf)}::text[]::uuid[]) or id = any (${[...endpoints]}::text[]::uuid[])
    order by id for no key update`
}

/** Makes the first message that waits in each of these lines its head, and no other. */
export async function setHeads(tx: Transaction, lines: readonly Line[]): Promise<void> {
  if (lines.length === 0) return
  await tx`
    with lines as (
      select distinct endpoint_id, order_key
      from unnest(${lines.map(({ endpoint }) => endpoint)}::text[]::uuid[],
        ${lines.map(({ orderKey }) => orderKey)}::text[]) as l (endpoint_id, order_key)
    ), firsts as (
      select l.endpoint_id, l.order_key, f.id
      from lines l cross join lateral (
        select d.id from webhook_deliveries d
        where d.endpoint_id = l.endpoint_id and d.order_key = l.order_key and d.status = 'PENDING'
        order by d.seq limit 1) f
    ), changing as (
      select f.id, true as head from firsts f
      union all
      select d.id, false from firsts f
      join webhook_deliveries d on d.endpoint_id = f.endpoint_id and d.order_key = f.order_key
        and d.status = 'PENDING' and d.head and d.id <> f.id
    )
    update webhook_deliveries d set head = c.head from changing c where d.id = c.id and d.head <> c.head`
}
