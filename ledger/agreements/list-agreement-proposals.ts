import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import type { AgreementProposal } from './agreement-proposal.ts'
import { parsePageById } from './page-by-id.ts'
import { selectAgreementProposals } from './store/agreement-proposals.ts'
import type { AgreementFilter } from './store/agreements.ts'

export type ListAgreementProposalsInput = AgreementFilter & { readonly page: PageInput }

/** Offered memberships, the last first, of one programme or partner or of all. Throws `INVALID_INPUT` for a page that is none. */
export async function listAgreementProposals(
  context: Context,
  input: ListAgreementProposalsInput,
): Promise<PageResult<AgreementProposal>> {
  const page = parsePageById(input.page)
  const rows = await selectAgreementProposals(context.database.reads, input, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
