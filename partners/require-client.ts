import type { Reader } from '../database/client.ts'
import { Fault } from '../kernel/fault.ts'
import type { Id } from '../kernel/ids.ts'
import type { Client } from './client.ts'
import { selectClient } from './store/clients.ts'

/** A client, whatever its status. Throws `NOT_FOUND`. */
export async function requireClient(sql: Reader, id: Id<'cli'>): Promise<Client> {
  const found = await selectClient(sql, id)
  if (found === undefined) throw new Fault('NOT_FOUND', `there is no client ${id}`, { field: 'client' })
  const { partner: _, ...client } = found
  return client
}
