import type { Context } from '../database/context.ts'
import { isId } from '../kernel/ids.ts'
import type { Client } from './client.ts'
import type { Partner } from './partner.ts'
import { selectClient } from './store/clients.ts'

/**
 * The client with this `client_id` and its partner, whatever their status, as one statement sees them; or nothing. Whoever
 * lets it in asks for an `ACTIVE` client of a partner whose duties include tokens, each time anew.
 */
export async function findClient(
  context: Context,
  clientId: string,
): Promise<(Client & { readonly partner: Partner }) | undefined> {
  return isId('cli', clientId) ? selectClient(context.database.reads, clientId) : undefined
}
