import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { parseWith } from '../../kernel/parse.ts'
import type { Assessment } from './assessment.ts'
import { lackingIn } from './rubric.ts'
import { stepAssessment, withAssessor } from './step-assessment.ts'

const proposeAssessmentInput = z.strictObject({ assessment: z.string().max(60), idempotencyKey: z.string() })

export type ProposeAssessmentInput = z.input<typeof proposeAssessmentInput>

/**
 * Proposes that a partner passes. Throws `NOT_READY` with every criterion that is not scored and every dimension that is below
 * its floor, `NOT_FOUND`, `INVALID_INPUT`, `WRONG_STATE` unless it is open, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a
 * member of the staff acts.
 */
export async function proposeAssessment(context: Context, input: ProposeAssessmentInput): Promise<Assessment> {
  const { idempotencyKey, ...request } = parseWith(proposeAssessmentInput, input, 'proposal')
  return stepAssessment(context, {
    ...{ name: 'propose', ...request, idempotencyKey, request, from: ['OPEN'] },
    change: (held, by) => {
      const lacking = lackingIn(held.scores)
      if (lacking.length > 0) throw new Fault('NOT_READY', `the partner does not pass: ${lacking.join('; ')}`)
      return { status: 'PROPOSED', assessors: withAssessor(held, by) }
    },
  })
}
