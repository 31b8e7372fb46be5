import type { Context } from '../../database/context.ts'
import { isId, uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import { parseUuidCursor } from '../../kernel/uuid-cursor.ts'
import type { Alert, AlertStatus } from './alert.ts'
import { selectAlerts } from './store/alerts.ts'

export type ListAlertsInput = {
  /** Id of a partner; alerts of all when absent. */
  readonly partner?: string | null | undefined
  readonly status?: AlertStatus | null | undefined
  readonly page: PageInput
}

/** Alerts, the last opened first. Throws `INVALID_INPUT` for a page that is none. */
export async function listAlerts(
  { database: { reads } }: Context,
  { partner, status, page: asked }: ListAlertsInput,
): Promise<PageResult<Alert>> {
  const page = parseUuidCursor(parsePage(asked, 1))
  const named = partner ?? undefined
  if (named !== undefined && !isId('ptr', named)) return pageOf(page, [], () => [])
  const rows = await selectAlerts(reads, { partner: named, status: status ?? undefined }, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
