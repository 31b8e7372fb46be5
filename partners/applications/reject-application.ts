import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { movePartner } from '../move-partner.ts'
import { requirePartner } from '../store/partners.ts'
import type { Application } from './application.ts'
import { findApplication } from './find-application.ts'
import { forgetContact, selectApplications } from './store/applications.ts'

const rejectApplicationInput = z.strictObject({ partner: lineOfText(60), reason: lineOfText(500) })

/** The partner by id or code, and why: the partner can read the reason. */
export type RejectApplicationInput = z.input<typeof rejectApplicationInput>

/**
 * Refuses an applicant for good, and forgets its contact. Throws `NOT_FOUND`, `WRONG_STATE` for one that is past the sandbox,
 * `INVALID_INPUT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function rejectApplication(context: Context, input: RejectApplicationInput): Promise<Application> {
  requireStaff(context)
  const { partner: named, reason } = parseWith(rejectApplicationInput, input, 'rejection')
  await context.database.transaction(async (tx) => {
    const partner = await requirePartner(tx, named)
    const [applied] = await selectApplications(tx, partner.id)
    if (applied === undefined)
      throw new Fault('NOT_FOUND', `partner ${partner.code} did not apply`, { field: 'partner' })
    await movePartner(context, tx, { partner, to: 'REJECTED', reason })
    await forgetContact(tx, applied.id)
  })
  return findApplication(context, named)
}
