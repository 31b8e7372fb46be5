import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import type { Assessment } from './assessment.ts'
import { CRITERIA } from './rubric.ts'
import { stepAssessment, withAssessor } from './step-assessment.ts'

const scoreAssessmentInput = z.strictObject({
  assessment: z.string().max(60),
  criterion: lineOfText(40),
  points: z.int().min(0).max(100),
  evidence: z
    .array(
      z.strictObject({
        sha256: z.string().regex(/^[0-9a-f]{64}$/, 'it is 64 hexadecimal digits, lower case'),
        name: lineOfText(200),
      }),
    )
    .max(20)
    .default([]),
  idempotencyKey: z.string(),
})

/** Which criterion of which assessment gets how many points, on what grounds: documents by their SHA-256. */
export type ScoreAssessmentInput = z.input<typeof scoreAssessmentInput>

/**
 * Scores a criterion, in place of what it had. Points need evidence. Throws `INVALID_INPUT` (an unknown criterion, too many
 * points, points without evidence), `NOT_FOUND`, `WRONG_STATE` unless it is open, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN`
 * unless a member of the staff acts.
 */
export async function scoreAssessment(context: Context, input: ScoreAssessmentInput): Promise<Assessment> {
  const { assessment, idempotencyKey, ...score } = parseWith(scoreAssessmentInput, input, 'score')
  const { criterion, points, evidence } = score
  const most = CRITERIA.find(({ key }) => key === criterion)?.most
  if (most === undefined) throw invalid('criterion', `it is one of ${CRITERIA.map(({ key }) => key).join(', ')}`)
  if (points > most) throw invalid('points', `${criterion} gives up to ${most}`)
  if (points > 0 && evidence.length === 0) throw invalid('evidence', 'points need a document that shows why')
  return stepAssessment(context, {
    ...{ name: 'score', assessment, idempotencyKey, from: ['OPEN'] },
    request: { assessment, ...score, points: BigInt(points) },
    change: (held, by) => ({
      assessors: withAssessor(held, by),
      scores: [...held.scores.filter((other) => other.criterion !== criterion), score],
    }),
  })
}

function invalid(field: string, why: string): Fault {
  return new Fault('INVALID_INPUT', `${field}: ${why}`, { field })
}
