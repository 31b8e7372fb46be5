import type { Context } from '../../database/context.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import { parseUuidCursor } from '../../kernel/uuid-cursor.ts'
import type { Deletion } from './deletion.ts'
import { countOverdue, selectDeletions, selectOverdue } from './store/deletions.ts'

/** What partners did since some consents ended, by consent; those that count still have none. */
export async function findDeletions(
  { database }: Context,
  consents: readonly Id<'cns'>[],
): Promise<ReadonlyMap<string, Deletion>> {
  const found = await selectDeletions(database.reads, consents)
  return new Map(found.map((deletion) => [deletion.consent, deletion]))
}

/** Deletions that are due and that nobody attested. Throws `INVALID_INPUT` for a page that is none. */
export async function listOverdueDeletions({ database }: Context, asked: PageInput): Promise<PageResult<Deletion>> {
  const page = parseUuidCursor(parsePage(asked, 1))
  const rows = await selectOverdue(database.reads, page)
  return pageOf(page, rows, ({ consent }) => [uuidOf(consent)])
}

/** How many deletions are overdue. */
export function countOverdueDeletions({ database }: Context): Promise<number> {
  return countOverdue(database.reads)
}
