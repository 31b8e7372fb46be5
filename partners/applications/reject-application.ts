import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { onceIfKeyed } from '../../records/once-if-keyed.ts'
import { movePartner } from '../move-partner.ts'
import { requirePartner } from '../store/partners.ts'
import type { Application } from './application.ts'
import { findApplication } from './find-application.ts'
import { forgetContact, selectApplication } from './store/applications.ts'

const rejectApplicationInput = z.strictObject({
  partner: lineOfText(60),
  reason: lineOfText(500),
  idempotencyKey: z.string().optional(),
})

/** The partner by id or code, and why: the partner can read the reason. */
export type RejectApplicationInput = z.input<typeof rejectApplicationInput>

/**
 * Refuses an applicant for good, and forgets its contact. Throws `NOT_FOUND`, `WRONG_STATE` for one that is past the sandbox,
 * `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function rejectApplication(context: Context, input: RejectApplicationInput): Promise<Application> {
  requireStaff(context)
  const { idempotencyKey: key, ...request } = parseWith(rejectApplicationInput, input, 'rejection')
  await onceIfKeyed(context, { scope: `${context.actor}:applications.reject`, key, request }, async (tx) => {
    const partner = await requirePartner(tx, request.partner)
    const applied = await selectApplication(tx, partner.id)
    if (applied === undefined)
      throw new Fault('NOT_FOUND', `partner ${partner.code} did not apply`, { field: 'partner' })
    await movePartner(context, tx, { partner, to: 'REJECTED', reason: request.reason })
    await forgetContact(tx, applied.id)
    return null
  })
  return findApplication(context, request.partner)
}
