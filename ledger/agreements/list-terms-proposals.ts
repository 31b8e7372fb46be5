import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { parsePageById } from './page-by-id.ts'
import { requireSigner } from './require-signer.ts'
import { noProgramme, selectProgramme } from './store/programmes.ts'
import { selectTermsProposals } from './store/terms-proposals.ts'
import type { TermsProposal } from './terms-proposal.ts'

export type ListTermsProposalsInput = {
  /** Of this programme alone, by code or id. */
  readonly programme?: string | null | undefined
  /** The partner that asks: it sees what was proposed to it, or what it signed. All there is without one. */
  readonly caller?: PartnerCaller | undefined
  readonly page: PageInput
}

/**
 * Proposals of terms, the last drafted first. Throws `FORBIDDEN` for a client without `agreements:sign`, `NOT_FOUND` for
 * the programme, and `INVALID_INPUT` for a page that is none.
 */
export async function listTermsProposals(
  context: Context,
  { programme: named, caller, page }: ListTermsProposalsInput,
): Promise<PageResult<TermsProposal>> {
  if (caller !== undefined) requireSigner(caller)
  const sql = context.database.reads
  const parsed = parsePageById(page)
  const known = named == null ? undefined : await selectProgramme(sql, named)
  if (named != null && known === undefined && caller === undefined) throw noProgramme(named)
  // to a partner an unknown programme looks like one of others
  const filter = { programme: known?.id, offeredTo: caller?.partner }
  const rows = named != null && known === undefined ? [] : await selectTermsProposals(sql, filter, parsed)
  return pageOf(parsed, rows, ({ id }) => [uuidOf(id)])
}
