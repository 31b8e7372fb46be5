import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import type { Assessment } from './assessment.ts'
import { keepAssessment } from './keep-assessment.ts'
import { RUBRIC_VERSION } from './rubric.ts'
import { selectAssessments } from './store/assessments.ts'

/** Who opens an assessment of which nobody of the staff is the first assessor. */
const BY_RATING = 'system:rating'

/**
 * Opens an assessment anew, in the caller's transaction, because a partner was rated badly twice: members of the staff score it as any
 * other. Nothing where one is open already.
 */
export async function openReview(
  context: Context,
  tx: Transaction,
  partner: Id<'ptr'>,
): Promise<Assessment | undefined> {
  const open = (await selectAssessments(tx, partner)).some(({ status }) => status === 'OPEN' || status === 'PROPOSED')
  if (open) return undefined
  return keepAssessment(context, tx, {
    ...{ id: newId('asm'), partner, status: 'OPEN', rubric: RUBRIC_VERSION, assessors: [BY_RATING], approvers: [] },
    ...{ scores: [], reason: undefined, expiresAt: undefined, version: 1, changedAt: context.clock.now() },
  })
}
