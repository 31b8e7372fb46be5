import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import { findMember } from '../agreements/store/agreements.ts'
import type { Contribution } from './contribution.ts'
import { selectContributions } from './store/contribution-pages.ts'

export type SurveyContributionsInput = {
  /** Code or id; of all partners when absent. */
  readonly partner?: string | null | undefined
  /** Those alone that wait for a confirmation. */
  readonly undecided?: boolean | null | undefined
  readonly page: PageInput
}

/**
 * Contributions of one partner or of all, the last reported first, as the staff sees them. Throws `NOT_FOUND` for the
 * partner and `INVALID_INPUT` for a page that is none.
 */
export async function surveyContributions(
  context: Context,
  { partner: named, undecided, page }: SurveyContributionsInput,
): Promise<PageResult<Contribution>> {
  const parsed = parsePageById(page)
  const sql = context.database.reads
  const member = named === undefined || named === null ? undefined : await findMember(sql, named)
  if (typeof named === 'string' && member === undefined) {
    throw new Fault('NOT_FOUND', 'there is no such partner', { field: 'partner' })
  }
  const rows = await selectContributions(sql, { partner: member?.partner, undecided: undecided === true }, parsed)
  return pageOf(parsed, rows, ({ id }) => [uuidOf(id)])
}
