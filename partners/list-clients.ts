import type { Context } from '../database/context.ts'
import { Fault } from '../kernel/fault.ts'
import { isId } from '../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../kernel/pages.ts'
import type { Client } from './client.ts'
import { warnedBefore } from './client-keys.ts'
import { countClientsWithKeysBefore, selectClients } from './store/clients.ts'
import { requirePartner } from './store/partners.ts'

export type ListClientsInput = {
  /** Code or id of a partner; clients of all when absent. */
  readonly partner?: string | null | undefined
  /** Only active ones that should have other keys within a month. */
  readonly keysDue?: boolean | null | undefined
  readonly page: PageInput
}

/** Clients by id, a page at a time. Throws `INVALID_INPUT` for a page that is none, and `NOT_FOUND` for an unknown partner. */
export async function listClients(
  { database: { reads }, clock }: Context,
  { partner, keysDue, page: asked }: ListClientsInput,
): Promise<PageResult<Client>> {
  const page = parsePage(asked, 1)
  const [from] = page.cursor ?? []
  if (from !== undefined && !isId('cli', from)) throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
  const of = partner == null ? undefined : (await requirePartner(reads, partner)).id
  const keysBefore = keysDue === true ? warnedBefore(clock.now()) : undefined
  return pageOf(page, await selectClients(reads, { partner: of, keysBefore, from }, page), ({ id }) => [id])
}

/** How many active clients should have other keys within a month, or should have had them. */
export function countKeysDue({ database: { reads }, clock }: Context): Promise<number> {
  return countClientsWithKeysBefore(reads, warnedBefore(clock.now()))
}
