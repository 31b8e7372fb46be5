import type { Transaction } from '../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../kernel/ids.ts'
import type { Client } from '../client.ts'

/** Marks active clients whose keys are older, and of which nobody was told, as warned of these keys; some of them, by id. */
export async function takeUnwarned(
  tx: Transaction,
  before: Date,
  most: number,
): Promise<readonly Pick<Client, 'id' | 'partnerId' | 'keysSince'>[]> {
  const rows = await tx<{ id: string; partner_id: string; keys_since: Date }[]>`
    with old as (
      select c.id from clients c join partner_duties p on p.partner_id = c.partner_id and p.webhooks
      where c.status = 'ACTIVE' and c.keys_since < ${before.toISOString()}::timestamptz
        and c.keys_warned is distinct from c.keys_since
      order by c.id limit ${most} for update of c skip locked
    )
    update clients c set keys_warned = c.keys_since from old where c.id = old.id
    returning c.id, c.partner_id, c.keys_since`
  return rows.map(({ id, partner_id, keys_since }) => ({
    ...{ id: idOf('cli', id), partnerId: idOf('ptr', partner_id), keysSince: keys_since },
  }))
}

/** Marks a client as warned of the keys that it has; says whether there is one that is active. */
export async function markWarned(tx: Transaction, id: Id<'cli'>): Promise<boolean> {
  const { count } = await tx`
    update clients set keys_warned = keys_since where id = ${uuidOf(id)} and status = 'ACTIVE'`
  return count === 1
}
