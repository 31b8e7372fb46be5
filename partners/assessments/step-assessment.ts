import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { CanonicalValue } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import { parseId } from '../../kernel/ids.ts'
import { requireStaff, type Staff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import type { Assessment, AssessmentStatus } from './assessment.ts'
import { keepAssessment } from './keep-assessment.ts'
import { requireAssessment } from './require-assessment.ts'
import { holdAssessment } from './store/assessments.ts'

/** What a step makes of an assessment, which is held: the members that change. */
export type Change = Partial<Pick<Assessment, 'status' | 'assessors' | 'approvers' | 'scores' | 'reason' | 'expiresAt'>>

export type Step = {
  readonly name: string
  readonly assessment: string
  readonly idempotencyKey: string
  /** All that makes the request, for the same one again. */
  readonly request: CanonicalValue
  /** In which statuses it may be made. */
  readonly from: readonly AssessmentStatus[]
  readonly change: (held: Assessment, by: Staff, inTwelveMonths: Date) => Change
  /** What follows in the same transaction. */
  readonly after?: (tx: Transaction, kept: Assessment) => Promise<void>
}

/** What all steps of an assessment have in common: a member of the staff, once, under the assessment's lock. */
export async function stepAssessment(context: Context, step: Step): Promise<Assessment> {
  const by = requireStaff(context)
  const id = parseId('asm', step.assessment)
  const scope = `${context.actor}:assessments.${step.name}`
  await once(context, { scope, key: step.idempotencyKey, request: step.request }, async (tx) => {
    const held = await holdAssessment(tx, id)
    if (held === undefined) throw new Fault('NOT_FOUND', 'there is no such assessment', { field: 'assessment' })
    const { assessment, now, inTwelveMonths } = held
    if (!step.from.includes(assessment.status)) {
      throw new Fault('WRONG_STATE', `assessment ${id} is ${assessment.status}`)
    }
    const { record: _, ...before } = assessment
    const change = step.change(assessment, by, inTwelveMonths)
    const version = assessment.version + 1
    const kept = await keepAssessment(context, tx, { ...before, ...change, version, changedAt: now })
    await step.after?.(tx, kept)
    return null
  })
  return requireAssessment(context.database.reads, id)
}

/** The assessors with one more. */
export function withAssessor({ assessors }: Assessment, by: Staff): readonly string[] {
  return assessors.includes(by) ? assessors : [...assessors, by]
}

/** Throws `FORBIDDEN` for somebody who assessed. */
export function refuseAssessor({ assessors }: Assessment, by: Staff): void {
  if (assessors.includes(by)) throw new Fault('FORBIDDEN', 'an assessment is decided by persons who did not assess')
}
