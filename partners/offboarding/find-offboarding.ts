import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Offboarding } from './offboarding.ts'
import { selectOffboarding } from './store/offboardings.ts'

/** How a partner leaves, as it was last planned; nothing where it was not. */
export async function findOffboarding({ database }: Context, partner: Id<'ptr'>): Promise<Offboarding | undefined> {
  return selectOffboarding(database.reads, partner)
}
