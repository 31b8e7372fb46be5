import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import type { Agreement } from './agreement.ts'
import { parsePageById } from './page-by-id.ts'
import { type AgreementFilter, selectAgreements } from './store/agreements.ts'

export type ListAgreementsInput = AgreementFilter & { readonly page: PageInput }

/** Agreements, oldest first, of one programme or partner or of all. Throws `INVALID_INPUT` for a page that is none. */
export async function listAgreements(context: Context, input: ListAgreementsInput): Promise<PageResult<Agreement>> {
  const page = parsePageById(input.page)
  const rows = await selectAgreements(context.database.reads, input, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
