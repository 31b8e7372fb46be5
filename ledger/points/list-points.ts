import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import type { PointsHistoryMove } from './points-history.ts'
import { findAccount, type WhosePoints } from './require-holder.ts'
import { selectHistory } from './store/points-history.ts'

/**
 * What became of somebody's points, the last first. Throws `NOT_FOUND` for nobody we know, and `INVALID_INPUT` for a page
 * that is none.
 */
export async function listPoints(
  context: Context,
  whose: WhosePoints,
  page: PageInput,
): Promise<PageResult<PointsHistoryMove>> {
  const parsed = parsePageById(page)
  const account = await findAccount(context.database.reads, whose)
  const moves = account === undefined ? [] : await selectHistory(context.database.reads, account.id, parsed)
  return pageOf(parsed, moves, ({ id }) => [uuidOf(id)])
}
