import type { Reader } from '../../../database/client.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { AccountPath } from '../../journal/entry.ts'
import { toldAs } from '../../journal/store/balances.ts'
import { instantText, type ReportMoment } from '../report-moment.ts'

/** What moved on an account in a span. Minor units, none below zero. */
export type Movement = {
  readonly account: AccountPath
  readonly asset: Asset
  readonly debits: bigint
  readonly credits: bigint
}

/** What moved from an instant on, up to a moment, by the entries' time. */
export async function selectMovements(
  sql: Reader,
  {
    from,
    until,
    together,
  }: { readonly from: Date; readonly until: ReportMoment; readonly together: readonly string[] },
): Promise<readonly Movement[]> {
  const rows = await sql<{ account: AccountPath; asset: Asset; debits: string; credits: string }[]>`
    select a.path as account, p.asset, coalesce(sum(p.amount) filter (where p.amount > 0), 0)::text as debits,
      coalesce(-sum(p.amount) filter (where p.amount < 0), 0)::text as credits
    from journal_entries e join postings p on p.entry_id = e.id join ${toldAs(sql, together)} a on a.id = p.account_id
    where e.at >= ${from.toISOString()}::timestamptz and e.at <= ${instantText(until)}::text::timestamptz
    group by a.path, p.asset order by a.path, p.asset`
  return rows.map(({ debits, credits, ...row }) => ({ ...row, debits: BigInt(debits), credits: BigInt(credits) }))
}
