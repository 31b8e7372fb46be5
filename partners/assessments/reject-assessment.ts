import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import type { Assessment } from './assessment.ts'
import { stepAssessment } from './step-assessment.ts'

const rejectAssessmentInput = z.strictObject({
  assessment: z.string().max(60),
  /** Why; for us alone. */
  reason: lineOfText(500),
  idempotencyKey: z.string(),
})

export type RejectAssessmentInput = z.input<typeof rejectAssessmentInput>

/**
 * Ends an assessment without passing; the partner stays where it is, and may be assessed anew or refused. Whoever assessed may
 * end it too: it gives the partner nothing. Throws `NOT_FOUND`, `INVALID_INPUT`, `WRONG_STATE` for one that was decided,
 * `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function rejectAssessment(context: Context, input: RejectAssessmentInput): Promise<Assessment> {
  const { idempotencyKey, ...request } = parseWith(rejectAssessmentInput, input, 'rejection')
  const { assessment, reason } = request
  return stepAssessment(context, {
    ...{ name: 'reject', assessment, idempotencyKey, request, from: ['OPEN', 'PROPOSED'] },
    change: () => ({ status: 'REJECTED', reason }),
  })
}
