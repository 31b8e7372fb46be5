import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import type { Complaint } from './complaint.ts'
import { accountKey, complaintId, idempotencyKey } from './complaint-input.ts'
import { noComplaint } from './require-complaint.ts'
import { type Step, stepComplaint } from './step-complaint.ts'
import { selectComplainant } from './store/complainants.ts'

const withdrawComplaintInput = z.strictObject({ complaint: complaintId, idempotencyKey })
const withdrawOwnInput = withdrawComplaintInput.extend({ accountKey })

export type WithdrawComplaintInput = z.input<typeof withdrawComplaintInput>
export type WithdrawOwnInput = z.input<typeof withdrawOwnInput>

/**
 * Ends a complaint since the complainant no longer makes it. Throws `NOT_FOUND`, `INVALID_INPUT`, `WRONG_STATE` for one that
 * was decided, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function withdrawComplaint(context: Context, input: WithdrawComplaintInput): Promise<Complaint> {
  const by = requireStaff(context)
  const { complaint, idempotencyKey: key } = parseWith(withdrawComplaintInput, input, 'withdrawal')
  return stepComplaint(context, { ...withdrawal(context, complaint, key), by })
}

/** The same by the signed-in customer. Throws `NOT_FOUND` for any complaint but the customer's own. */
export async function withdrawOwnComplaint(context: Context, input: WithdrawOwnInput): Promise<Complaint> {
  const { accountKey: account, complaint, idempotencyKey: key } = parseWith(withdrawOwnInput, input, 'withdrawal')
  const customer = await selectComplainant(context.database.reads, account)
  if (customer === undefined) throw noComplaint()
  return stepComplaint(context, { ...withdrawal(context, complaint, key), by: customer, customer })
}

function withdrawal({ actor }: Context, complaint: string, idempotencyKey: string): Omit<Step, 'by'> {
  return {
    ...{ name: 'withdraw', complaint, idempotencyKey, request: { complaint }, from: ['RECEIVED', 'WORKING'] },
    change: (_, decidedAt) => ({ status: 'WITHDRAWN', decidedBy: actor, decidedAt }),
  }
}
