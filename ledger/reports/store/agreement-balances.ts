import type { Reader } from '../../../database/client.ts'
import { type Id, idOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Month } from '../../../kernel/month.ts'
import { instantText, type ReportMoment } from '../report-moment.ts'
import { statementsUntil } from './fragments.ts'

/** What a partner owes by one agreement. Minor units, above zero. */
export type ReceivableRow = {
  readonly partner: string
  readonly programme: string
  readonly agreement: Id<'agr'>
  readonly asset: Asset
  readonly minor: bigint
  /** Since when it has owed something without a break. */
  readonly since: Date
}

/** Statements and changes move what is owed in the journal, each at its own time. */
export async function selectReceivables(sql: Reader, moment: ReportMoment): Promise<readonly ReceivableRow[]> {
  const at = instantText(moment)
  const rows = await sql<
    { partner: string; programme: string; agreement_id: string; asset: Asset; minor: string; since: Date }[]
  >`
    with settled as materialized (select * from ${statementsUntil(sql, at)} s),
    owed as (
      select partner_id, programme_id, agreement_id, asset, greatest(-closing, 0) - greatest(-opening, 0) as amount
      from settled
      union all
      select b.partner_id, b.programme_id, b.agreement_id, b.asset,
        case b.kind when 'OPENING' then greatest(-b.amount, 0) else -b.amount end
      from balance_changes b where b.at <= ${at}::text::timestamptz
    )
    select d.code as partner, g.code as programme, o.agreement_id, o.asset, sum(o.amount)::text as minor, coalesce((
        select min(s.ends_at) from settled s where s.agreement_id = o.agreement_id and not exists (
          select from settled l where l.agreement_id = o.agreement_id and l.month >= s.month and l.closing >= 0)
      ), (select min(b.at) from balance_changes b where b.agreement_id = o.agreement_id)) as since
    from owed o
    join partner_duties d on d.partner_id = o.partner_id
    join programmes g on g.id = o.programme_id
    group by d.code, g.code, o.agreement_id, o.asset having sum(o.amount) <> 0
    order by d.code, o.asset, g.code, o.agreement_id`
  return rows.map(({ agreement_id, minor, ...row }) => ({
    ...row,
    agreement: idOf('agr', agreement_id),
    minor: BigInt(minor),
  }))
}

/** What is held back of one agreement until a month. Minor units. */
export type HoldbackRow = Omit<ReceivableRow, 'since'> & { readonly releaseMonth: Month }

/** What the last statement of each agreement has not released, by the month that will. */
export async function selectHoldbacks(sql: Reader, moment: ReportMoment): Promise<readonly HoldbackRow[]> {
  const at = instantText(moment)
  const rows = await sql<
    { partner: string; programme: string; agreement_id: string; asset: Asset; minor: string; release_month: Month }[]
  >`
    with settled as materialized (select * from ${statementsUntil(sql, at)} s),
    held as (
      select partner_id, programme_id, agreement_id, asset, holdback as amount, release_month from settled
      union all
      select o.partner_id, o.programme_id, o.agreement_id, o.asset, o.amount, o.release_month
      from approved_opening_lines o
      where o.kind = 'HOLDBACK' and o.cut_over - interval '1 millisecond' <= ${at}::text::timestamptz
    )
    select d.code as partner, g.code as programme, h.agreement_id, h.asset, h.release_month, sum(h.amount)::text as minor
    from held h
    join partner_duties d on d.partner_id = h.partner_id
    join programmes g on g.id = h.programme_id
    where h.amount <> 0
      and h.release_month > coalesce((select max(s.month) from settled s where s.agreement_id = h.agreement_id), '')
    group by d.code, g.code, h.agreement_id, h.asset, h.release_month
    order by d.code, h.asset, g.code, h.agreement_id, h.release_month`
  return rows.map(({ agreement_id, minor, release_month: releaseMonth, ...row }) => ({
    ...row,
    agreement: idOf('agr', agreement_id),
    minor: BigInt(minor),
    releaseMonth,
  }))
}
