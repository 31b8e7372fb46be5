import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { movePartner } from '../move-partner.ts'
import { requirePartner } from '../store/partners.ts'
import { mayBecome } from '../transitions.ts'

/** The partner, and why: it can read the reason. */
export type SuspendPartnerInput = { readonly partner: Id<'ptr'>; readonly reason: string }

/**
 * Suspends a partner if it may be: nothing is disclosed to it from its next request on. Says whether it is suspended now, also
 * if it was before; a partner in the sandbox or on its way out is not. Throws `NOT_FOUND`, and `WRONG_STATE` when another
 * change came first.
 */
export async function suspendPartner(context: Context, { partner: id, reason }: SuspendPartnerInput): Promise<boolean> {
  return context.database.transaction(async (tx) => {
    const partner = await requirePartner(tx, id)
    if (!mayBecome(partner.status, 'SUSPENDED')) return partner.status === 'SUSPENDED'
    await movePartner(context, tx, { partner, to: 'SUSPENDED', reason })
    return true
  })
}
