import type { Context } from '../../database/context.ts'
import { requirePartner } from '../store/partners.ts'
import type { Assessment } from './assessment.ts'
import { selectAssessments } from './store/assessments.ts'

/** A partner's (id or code) assessments, the last opened first, up to a hundred. Throws `NOT_FOUND`. */
export async function listAssessments(context: Context, partner: string): Promise<readonly Assessment[]> {
  const { reads } = context.database
  return selectAssessments(reads, (await requirePartner(reads, partner)).id)
}
