import { z } from 'zod'
import type { Context } from '../database/context.ts'
import { lineOfText, parseWith } from '../kernel/parse.ts'
import { movePartner } from './move-partner.ts'
import { PARTNER_STATUSES, type Partner, type PartnerStatus } from './partner.ts'
import { requirePartner } from './store/partners.ts'

/** An exit has steps and conditions of its own (`offboarding/`). */
const OF_AN_EXIT: ReadonlySet<PartnerStatus> = new Set(['OFFBOARDING', 'CLOSED'])

const changePartnerStatusInput = z.strictObject({
  partner: lineOfText(60),
  status: z.enum(PARTNER_STATUSES.filter((status) => !OF_AN_EXIT.has(status))),
  reason: lineOfText(500),
})

/** The partner by id or code, its next status, and why: the partner can read the reason. */
export type ChangePartnerStatusInput = z.input<typeof changePartnerStatusInput>

/**
 * Moves a partner to another status (`transitions.ts`); what it may do and is owed follows at once (`duties.ts`).
 * Throws `INVALID_INPUT`, `NOT_FOUND`, `WRONG_STATE` when the status may not follow or another change came first, and
 * `NOT_READY` when the partner lacks what the status asks for.
 */
export async function changePartnerStatus(context: Context, input: ChangePartnerStatusInput): Promise<Partner> {
  const { partner, status, reason } = parseWith(changePartnerStatusInput, input, 'status change')
  return context.database.transaction(async (tx) =>
    movePartner(context, tx, { partner: await requirePartner(tx, partner), to: status, reason }),
  )
}
