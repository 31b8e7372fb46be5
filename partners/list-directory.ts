import type { Context } from '../database/context.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../kernel/pages.ts'
import type { Partner, PartnerKind } from './partner.ts'
import { selectPartners } from './store/partners.ts'

/** Which partners a directory shows. */
export type DirectoryInput = {
  /** Whoever is not of the staff sees partners that are live and real. */
  readonly staff: boolean
  readonly kind?: PartnerKind | null | undefined
  readonly page: PageInput
}

/**
 * Partners by code, a page at a time, as the statement sees them: one that is suspended is gone from the next page that
 * anybody asks for. Throws `INVALID_INPUT` for a page that is none. Source: ADR 0043.
 */
export async function listDirectory(
  { database }: Context,
  { staff, kind, page: asked }: DirectoryInput,
): Promise<PageResult<Partner>> {
  const page = parsePage(asked, 1)
  const shown = staff ? {} : ({ status: 'LIVE', synthetic: false } as const)
  const rows = await selectPartners(database.reads, page, { ...shown, kind: kind ?? undefined })
  return pageOf(page, rows, ({ code }) => [code])
}
