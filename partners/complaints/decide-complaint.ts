import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { COMPLAINT_OUTCOMES, type Complaint, type ComplaintWords } from './complaint.ts'
import { complaintId, idempotencyKey, paragraphs } from './complaint-input.ts'
import { stepComplaint } from './step-complaint.ts'

const decideComplaintInput = z.strictObject({
  complaint: complaintId,
  outcome: z.enum(COMPLAINT_OUTCOMES),
  /** To the complainant. */
  answer: paragraphs,
  /** What is put right; the partner reads it too. */
  remedy: paragraphs.optional(),
  idempotencyKey,
})

/** What a complaint comes to, and what the complainant is told. */
export type DecideComplaintInput = z.input<typeof decideComplaintInput>

/**
 * Decides a complaint for good, by another member of the staff than took it in. Throws `FORBIDDEN` for that one and unless a
 * member of the staff acts, `NOT_FOUND`, `INVALID_INPUT`, `WRONG_STATE` unless somebody works on it, and
 * `IDEMPOTENCY_CONFLICT`.
 */
export async function decideComplaint(context: Context, input: DecideComplaintInput): Promise<Complaint> {
  const by = requireStaff(context)
  const { idempotencyKey: key, ...request } = parseWith(decideComplaintInput, input, 'decision')
  const { complaint, outcome, answer, remedy } = request
  return stepComplaint(context, {
    ...{ name: 'decide', complaint, by, idempotencyKey: key, request, from: ['WORKING'] },
    change: ({ takenBy, words }, decidedAt) => {
      if (takenBy === by) throw new Fault('FORBIDDEN', 'a complaint is decided by another person than took it in')
      return { status: outcome, decidedBy: by, decidedAt, words: answered(words, { answer, remedy }) }
    },
  })
}

/** Of a customer who was erased nothing is kept, and there is nobody to be answered. */
function answered(
  words: ComplaintWords | undefined,
  told: Pick<ComplaintWords, 'answer' | 'remedy'>,
): ComplaintWords | undefined {
  return words && { ...words, ...told }
}
