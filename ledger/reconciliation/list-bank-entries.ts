import type { Context } from '../../database/context.ts'
import { uuidOf } from '../../kernel/ids.ts'
import { type PageInput, type PageResult, pageOf } from '../../kernel/pages.ts'
import type { OpenedEntry } from './bank-entry.ts'
import type { MatchWay } from './bank-match.ts'
import { parsePageByTime } from './page-by-time.ts'
import { requireOwnAccount } from './require-own-account.ts'
import { openEntry } from './seal-entry.ts'
import { selectEntries } from './store/entry-pages.ts'

export type ListBankEntriesInput = {
  readonly ownAccount: string
  /** Only those that nothing came of yet. */
  readonly unmatched?: boolean | null | undefined
  readonly page: PageInput
}

/** An entry, and what came of it. Who was on the other side is opened; their account's number is not shown. */
export type ListedEntry = Omit<OpenedEntry, 'sealed' | 'counterparty'> & {
  readonly counterpartyName: string | undefined
  readonly remittance: string | undefined
  readonly match: MatchWay | undefined
}

/**
 * Entries of an account of ours, the last booked first. Throws `NOT_FOUND` for the account, `INVALID_INPUT` for a page that is
 * none, and `SEAL_BROKEN`.
 */
export async function listBankEntries(context: Context, input: ListBankEntriesInput): Promise<PageResult<ListedEntry>> {
  const page = parsePageByTime(input.page)
  const { id } = await requireOwnAccount(context, input.ownAccount)
  const rows = await selectEntries(context.database.reads, { account: id, unmatched: input.unmatched === true }, page)
  const listed = rows.map(({ entry, match }): ListedEntry => {
    const { sealed: _, counterparty, ...shown } = openEntry(context, entry)
    return { ...shown, counterpartyName: counterparty.name, remittance: counterparty.remittance, match }
  })
  return pageOf(page, listed, (entry) => [entry.bookedOn, uuidOf(entry.id)])
}
