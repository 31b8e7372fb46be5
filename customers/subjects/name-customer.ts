import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { subjectOf } from '../subject.ts'
import { selectGeneration } from './store/rotations.ts'

/** The name under which a partner knows a customer now, or would. */
export async function nameCustomer(
  { database, keyring }: Context,
  { partner, customer }: { readonly partner: Id<'ptr'>; readonly customer: Id<'cus'> },
): Promise<string> {
  const generation = await selectGeneration(database.reads, partner)
  return subjectOf(keyring, { partner, customer, generation })
}
