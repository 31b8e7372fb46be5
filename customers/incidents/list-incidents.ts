import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import { parseUuidCursor } from '../../kernel/uuid-cursor.ts'
import type { Incident, IncidentStatus } from './incident.ts'
import { selectIncidents } from './store/incidents.ts'

export type ListIncidentsInput = { readonly status?: IncidentStatus | null | undefined; readonly page: PageInput }

/** Incidents, the last opened first. Throws `INVALID_INPUT` for a page that is none. */
export async function listIncidents(
  { database: { reads } }: Context,
  { status, page: asked }: ListIncidentsInput,
): Promise<PageResult<Incident>> {
  const page = parseUuidCursor(parsePage(asked, 1))
  const rows = await selectIncidents(reads, status ?? undefined, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
