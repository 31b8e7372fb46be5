import type { Reader } from '../../../database/client.ts'
import { type Id, idOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import { instantText, type ReportMoment } from '../report-moment.ts'
import type { PayableKind } from '../row-kinds.ts'
import { paymentsOf, statementsUntil, taxPostedUntil } from './fragments.ts'

/**
 * Something that we owe a partner: what is left of a statement after payments, what statements carry, or what it is due for
 * rewards. Above zero in minor units; below zero where more was paid than was owed.
 */
export type PayableRow = {
  readonly kind: PayableKind
  readonly partner: string
  readonly programme: string | undefined
  readonly statement: Id<'sta'> | undefined
  readonly number: string | undefined
  readonly asset: Asset
  readonly minor: bigint
  /** Since when it is, or will be, due; what is carried is not due. */
  readonly dueAt: Date | undefined
}

type Row = {
  readonly kind: PayableRow['kind']
  readonly partner: string
  readonly programme: string | null
  readonly statement_id: string | null
  readonly number: string | null
  readonly asset: Asset
  readonly minor: string
  readonly due_at: Date | null
}

/** What statements leave to be paid: their payout with the tax that is posted, less what was instructed and is not owed again. */
export async function selectUnpaid(sql: Reader, moment: ReportMoment): Promise<readonly PayableRow[]> {
  const at = instantText(moment)
  const rows = await sql<Row[]>`
    select 'STATEMENT' as kind, d.code as partner, g.code as programme, s.id as statement_id, s.number, s.asset,
      (s.payout + tax.vat - tax.withholding - paid.amount)::text as minor,
      e.ends_at as due_at
    from ${statementsUntil(sql, at)} s
    join partner_duties d on d.partner_id = s.partner_id
    join programmes g on g.id = s.programme_id
    join statement_dispute_ends e on e.statement_id = s.id
    cross join ${taxPostedUntil(sql, at)} tax
    cross join lateral (
      select coalesce(sum(p.amount * ((p.instructed_at <= ${at}::text::timestamptz)::integer
        - coalesce((p.reopened_at <= ${at}::text::timestamptz)::integer, 0))), 0) as amount
      from ${paymentsOf(sql)} p where p.statement_id = s.id
    ) paid
    where s.payout > 0 and s.payout + tax.vat - tax.withholding <> paid.amount
    order by d.code, s.asset, s.month, s.number`
  return rows.map(payableOf)
}

/** What agreements carry to their next statement. */
export async function selectCarried(sql: Reader, moment: ReportMoment): Promise<readonly PayableRow[]> {
  const at = instantText(moment)
  const rows = await sql<Row[]>`
    select 'CARRIED' as kind, d.code as partner, g.code as programme, null as statement_id, null as number, c.asset,
      sum(c.amount)::text as minor, null as due_at
    from (
      select s.partner_id, s.programme_id, s.agreement_id, s.asset,
        greatest(s.closing, 0) - greatest(s.opening, 0) as amount
      from ${statementsUntil(sql, at)} s
      union all
      select b.partner_id, b.programme_id, b.agreement_id, b.asset, greatest(b.amount, 0)
      from balance_changes b where b.kind = 'OPENING' and b.at <= ${at}::text::timestamptz
    ) c
    join partner_duties d on d.partner_id = c.partner_id
    join programmes g on g.id = c.programme_id
    group by d.code, g.code, c.agreement_id, c.asset having sum(c.amount) <> 0
    order by d.code, c.asset, g.code, c.agreement_id`
  return rows.map(payableOf)
}

/** What partners are due for rewards that they supplied, and for points of their own that they gave for the house's, less what was paid. */
export async function selectRewardsOwed(sql: Reader, moment: ReportMoment): Promise<readonly PayableRow[]> {
  const at = instantText(moment)
  const rows = await sql<Row[]>`
    select 'REWARDS' as kind, d.code as partner, null as programme, null as statement_id, null as number, o.asset,
      sum(o.amount)::text as minor, min(o.at) as due_at
    from (
      select r.partner_id, r.asset, r.minor as amount, coalesce(e.at, m.at) as at
      from points_moves m
      join rewards r on r.code = m.reward_code and r.version = m.reward_version and r.partner_id is not null
      left join journal_entries e on e.reference = 'points:ptm_' || replace(m.id::text, '-', '')
      where m.kind = 'REDEEMED'
      union all
      select a.partner_id, l.asset, p.money, coalesce(e.at, m.at)
      from points_moves m
      join points_accounts a on a.id = m.account_id and a.partner_id is not null
      join rewards r on r.code = m.reward_code and r.version = m.reward_version and r.partner_id is null
      join points_parts p on p.move_id = m.id join points_lots l on l.id = p.lot_id
      left join journal_entries e on e.reference = 'points:ptm_' || replace(m.id::text, '-', '')
      where m.kind = 'REDEEMED'
      union all
      select d.partner_id, b.asset, b.amount, e.at
      from bank_matches m
      join bank_entries b on b.id = m.entry_id
      join partner_duties d on m.account = 'Partner:Payable:' || d.code
      join journal_entries e on e.reference = 'bank:bke_' || replace(b.id::text, '-', '') || ':booked'
      where m.how = 'BOOKED'
    ) o
    join partner_duties d on d.partner_id = o.partner_id
    where o.at <= ${at}::text::timestamptz
    group by d.code, o.asset having sum(o.amount) <> 0
    order by d.code, o.asset`
  return rows.map(payableOf)
}

function payableOf(row: Row): PayableRow {
  return {
    kind: row.kind,
    partner: row.partner,
    programme: row.programme ?? undefined,
    statement: row.statement_id === null ? undefined : idOf('sta', row.statement_id),
    number: row.number ?? undefined,
    asset: row.asset,
    minor: BigInt(row.minor),
    dueAt: row.due_at ?? undefined,
  }
}
