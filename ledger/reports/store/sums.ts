import type { Reader } from '../../../database/client.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { AccountPath } from '../../journal/entry.ts'
import { instantText, type ReportMoment } from '../report-moment.ts'
import { statementsUntil } from './fragments.ts'

/** What something comes to, by a name. Minor units. */
export type NamedSum = { readonly name: string; readonly asset: Asset; readonly minor: bigint }

type Row = { readonly name: string; readonly asset: Asset; readonly minor: string }

/** What statements of each programme gave, and took back. */
export async function selectEarned(sql: Reader, moment: ReportMoment): Promise<readonly NamedSum[]> {
  const rows = await sql<Row[]>`
    select g.code as name, s.asset, sum(s.earned + s.clawbacks)::text as minor
    from ${statementsUntil(sql, instantText(moment))} s join programmes g on g.id = s.programme_id
    group by g.code, s.asset having sum(s.earned + s.clawbacks) <> 0`
  return rows.map(sumOf)
}

/** What was written off. */
export async function selectWrittenOff(sql: Reader, moment: ReportMoment): Promise<readonly NamedSum[]> {
  const rows = await sql<Row[]>`
    select 'write-offs' as name, b.asset, sum(b.amount)::text as minor from balance_changes b
    where b.kind = 'WRITTEN_OFF' and b.at <= ${instantText(moment)}::text::timestamptz group by b.asset`
  return rows.map(sumOf)
}

/** A balance that was brought along, as the journal has it; positive is debit. */
export type OpenedBalance = { readonly account: AccountPath; readonly asset: Asset; readonly minor: bigint }

/** Balances of accounts that were brought along, and what stands against them and those of agreements in `Equity:Opening`. */
export async function selectOpened(sql: Reader, moment: ReportMoment): Promise<readonly OpenedBalance[]> {
  const rows = await sql<{ account: AccountPath; asset: Asset; minor: string }[]>`
    with opened as (
      select o.* from approved_opening_lines o
      where o.cut_over - interval '1 millisecond' <= ${instantText(moment)}::text::timestamptz
    )
    select account, asset, sum(amount)::text as minor from (
      select account, asset, amount from opened where kind = 'ACCOUNT'
      union all
      select 'Equity:Opening', asset, case kind when 'ACCOUNT' then -amount else amount end from opened
    ) o group by account, asset having sum(amount) <> 0`
  return rows.map(({ account, asset, minor }) => ({ account, asset, minor: BigInt(minor) }))
}

function sumOf({ minor, ...row }: Row): NamedSum {
  return { ...row, minor: BigInt(minor) }
}
