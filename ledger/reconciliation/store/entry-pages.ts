import type { Reader } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { BankEntry } from '../bank-entry.ts'
import type { MatchWay } from '../bank-match.ts'
import { type EntryRow, entryColumns, entryOfRow } from './bank-entries.ts'

/** Up to one more than the page holds, in the page's direction; the last booked first. */
export async function selectEntries(
  sql: Reader,
  { account, unmatched }: { readonly account: Id<'obk'>; readonly unmatched: boolean },
  { cursor, direction, limit }: Page,
): Promise<readonly { readonly entry: BankEntry; readonly match: MatchWay | undefined }[]> {
  const forward = direction === 'forward'
  const [on, id] = cursor ?? []
  const from = sql`(${on ?? null}::date, ${id ?? null}::uuid)`
  const rows = await sql<(EntryRow & { how: MatchWay | null })[]>`
    select ${entryColumns(sql)}, m.how from bank_entries e left join bank_matches m on m.entry_id = e.id
    where e.own_account_id = ${uuidOf(account)} ${unmatched ? sql`and m.how is null` : sql``}
      ${id === undefined ? sql`` : forward ? sql`and (e.booked_on, e.id) < ${from}` : sql`and (e.booked_on, e.id) > ${from}`}
    order by ${forward ? sql`e.booked_on desc, e.id desc` : sql`e.booked_on, e.id`} limit ${limit + 1}`
  return rows.map((row) => ({ entry: entryOfRow(row), match: row.how ?? undefined }))
}
