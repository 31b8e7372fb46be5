import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { requirePartner } from '../store/partners.ts'
import type { Offboarding } from './offboarding.ts'
import { selectOffboarding } from './store/offboardings.ts'

/** The last exit of a partner, by its code or id. Throws `NOT_FOUND`. */
export async function requireOffboarding({ database }: Context, partner: string): Promise<Offboarding> {
  const { id, code } = await requirePartner(database.reads, partner)
  const found = await selectOffboarding(database.reads, id)
  if (found !== undefined) return found
  throw new Fault('NOT_FOUND', `no exit of partner ${code} is planned`, { field: 'partner' })
}
