import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import type { Complaint } from './complaint.ts'
import { complaintId, idempotencyKey, severity } from './complaint-input.ts'
import { stepComplaint } from './step-complaint.ts'

const assignComplaintInput = z.strictObject({
  complaint: complaintId,
  /** Name of a member of the staff. */
  to: z.string().regex(/^[\w.@+-]{1,100}$/, 'it is no name of a member of the staff'),
  /** How grave it is, where it is otherwise than it was taken for. */
  severity: severity.optional(),
  idempotencyKey,
})

export type AssignComplaintInput = z.input<typeof assignComplaintInput>

/**
 * Says who works on a complaint; from then on it is `WORKING`. Throws `NOT_FOUND`, `INVALID_INPUT`, `WRONG_STATE` for one that
 * was decided or withdrawn, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function assignComplaint(context: Context, input: AssignComplaintInput): Promise<Complaint> {
  const by = requireStaff(context)
  const { idempotencyKey: key, ...request } = parseWith(assignComplaintInput, input, 'assignment')
  const { complaint, to, severity: weight } = request
  return stepComplaint(context, {
    ...{ name: 'assign', complaint, by, idempotencyKey: key, request, from: ['RECEIVED', 'WORKING'] },
    change: (held) => ({ status: 'WORKING', assignedTo: `staff:${to}`, severity: weight ?? held.severity }),
  })
}
