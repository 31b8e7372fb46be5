import type { Context } from '../database/context.ts'
import type { Partner } from './partner.ts'
import { selectPartner } from './store/partners.ts'

/** The partner with this id or code, or nothing. */
export async function findPartner(context: Context, idOrCode: string): Promise<Partner | undefined> {
  return selectPartner(context.database.reads, idOrCode)
}
