import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { requirePartner } from '../store/partners.ts'
import type { Assessment } from './assessment.ts'
import { selectAssessments, selectLastAssessments } from './store/assessments.ts'

/** A partner's (id or code) assessments, the last opened first, up to a hundred. Throws `NOT_FOUND`. */
export async function listAssessments(context: Context, partner: string): Promise<readonly Assessment[]> {
  const { reads } = context.database
  return selectAssessments(reads, (await requirePartner(reads, partner)).id)
}

/** The last opened of each of several partners by their ids, in one statement; one that was never assessed has no entry. */
export async function listLastAssessments(
  { database }: Context,
  partners: readonly Id<'ptr'>[],
): Promise<ReadonlyMap<Id<'ptr'>, Assessment>> {
  const last = await selectLastAssessments(database.reads, partners)
  return new Map(last.map((one) => [one.partner, one]))
}
