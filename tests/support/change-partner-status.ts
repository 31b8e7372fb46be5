import type { Context } from '../../database/context.ts'
import { movePartner } from '../../partners/move-partner.ts'
import type { Partner, PartnerStatus } from '../../partners/partner.ts'
import { requirePartner } from '../../partners/store/partners.ts'

/** Moves a partner to any status that may follow: for scenes that begin where the doors of the house lead by many steps. */
export async function changePartnerStatus(
  context: Context,
  { partner, status, reason }: { readonly partner: string; readonly status: PartnerStatus; readonly reason: string },
): Promise<Partner> {
  return context.database.transaction(async (tx) =>
    movePartner(context, tx, { partner: await requirePartner(tx, partner), to: status, reason }),
  )
}
