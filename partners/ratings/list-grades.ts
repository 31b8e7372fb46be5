import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Grade } from './scorecard.ts'
import { selectLastGrades } from './store/last-grades.ts'

/** What each of several partners was found to be in its last month, in one statement; one that was never rated has no entry. */
export async function listGrades(
  { database }: Context,
  partners: readonly Id<'ptr'>[],
): Promise<ReadonlyMap<Id<'ptr'>, Grade>> {
  return selectLastGrades(database.reads, partners)
}
