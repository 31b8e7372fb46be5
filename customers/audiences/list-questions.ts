import type { Context } from '../../database/context.ts'
import { isId, uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import { parseUuidCursor } from '../../kernel/uuid-cursor.ts'
import type { AudienceQuestion } from './audience.ts'
import { selectQuestions } from './store/questions.ts'

export type ListQuestionsInput = {
  /** Id of a partner; questions of all when absent. */
  readonly partner?: string | null | undefined
  readonly page: PageInput
}

/** What partners asked of numbers of customers, the last first; nothing for a partner that there is not. Throws `INVALID_INPUT`. */
export async function listQuestions(
  { database: { reads } }: Context,
  { partner, page: asked }: ListQuestionsInput,
): Promise<PageResult<AudienceQuestion>> {
  const page = parseUuidCursor(parsePage(asked, 1))
  if (partner != null && !isId('ptr', partner)) return pageOf(page, [], () => [])
  const rows = await selectQuestions(reads, partner ?? undefined, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
