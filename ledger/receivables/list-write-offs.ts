import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import { parsePageById } from '../agreements/page-by-id.ts'
import type { ProposalStatus } from '../proposal.ts'
import { selectWriteOffs } from './store/write-offs.ts'
import type { WriteOff } from './write-off.ts'

export type ListWriteOffsInput = { readonly status?: ProposalStatus | null | undefined; readonly page: PageInput }

/** Write-offs, the last proposed first. Throws `INVALID_INPUT` for a page that is none. */
export async function listWriteOffs(context: Context, input: ListWriteOffsInput): Promise<PageResult<WriteOff>> {
  const page = parsePageById(input.page)
  const rows = await selectWriteOffs(context.database.reads, { status: input.status ?? undefined }, page)
  return pageOf(page, rows, ({ id }) => [uuidOf(id)])
}
