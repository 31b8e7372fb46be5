import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Month } from '../../../kernel/month.ts'

/** Why a statement is not given out now. */
export type Hindrance =
  | 'DISPUTED'
  /** Its days to dispute are not over: unanswered, it counts as accepted then. */
  | 'MAY_BE_DISPUTED'
  | 'PARTNER_NOT_PAID'
  /** Its programme asks for an invoice, and none matches. */
  | 'NO_INVOICE'
  | 'NO_ADDRESS'

/** A statement of a locked period that has something to transfer, and is neither in a round nor paid by bank. */
export type Payable = {
  readonly statement: Id<'sta'>
  readonly number: string
  readonly partner: Id<'ptr'>
  readonly transfer: bigint
  readonly account: string | undefined
  readonly hindrance: Hindrance | undefined
}

export type PayableFilter = {
  readonly asset: Asset
  readonly programme?: Id<'prg'> | undefined
  readonly month?: Month | undefined
  /** Of these alone. */
  readonly statements?: readonly Id<'sta'>[] | undefined
  readonly now: Date
}

type Row = {
  readonly id: string
  readonly number: string
  readonly partner_id: string
  readonly transfer: string
  readonly account: string | null
  readonly hindrance: Hindrance | null
}

/** Statements that wait to be given out, the oldest first. Source: RULES §6. */
export async function selectPayable(
  sql: Reader,
  { asset, programme, month, statements, now }: PayableFilter,
): Promise<readonly Payable[]> {
  const rows = await sql<Row[]>`
    select s.id, s.number, s.partner_id, s.transfer, a.account, ${hindrance(sql, now)} as hindrance
    from statements s
    join periods p on p.id = s.period_id and p.status in ('LOCKED', 'CLOSED')
    join partner_duties d on d.partner_id = s.partner_id
    join statement_dispute_ends e on e.statement_id = s.id
    left join verified_payout_addresses a on a.partner_id = s.partner_id
    left join statement_invoices i on i.statement_id = s.id
    where s.asset = ${asset} and s.transfer > 0 and s.issued_at is not null
      ${programme === undefined ? sql`` : sql`and s.programme_id = ${uuidOf(programme)}::uuid`}
      ${month === undefined ? sql`` : sql`and s.month = ${month}`}
      ${statements === undefined ? sql`` : sql`and s.id = any(${statements.map(uuidOf)}::uuid[])`}
      and not exists (select from payout_claims c where c.statement_id = s.id and c.live)
      and not exists (select from payouts o where o.statement_id = s.id and o.live)
    order by s.id`
  return rows.map((row) => ({
    statement: idOf('sta', row.id),
    number: row.number,
    partner: idOf('ptr', row.partner_id),
    transfer: BigInt(row.transfer),
    account: row.account ?? undefined,
    hindrance: row.hindrance ?? undefined,
  }))
}

/** Statements of a round that may no longer be given out as planned: something came up, or the account is another now. */
export async function selectHindered(sql: Reader, round: Id<'pyr'>, now: Date): Promise<readonly string[]> {
  const rows = await sql<{ number: string }[]>`
    select s.number from payout_claims c
    join statements s on s.id = c.statement_id
    join partner_duties d on d.partner_id = s.partner_id
    join statement_dispute_ends e on e.statement_id = s.id
    left join verified_payout_addresses a on a.partner_id = s.partner_id
    left join statement_invoices i on i.statement_id = s.id
    where c.round_id = ${uuidOf(round)}::uuid
      and (${hindrance(sql, now)} is not null or a.account is distinct from c.account)
    order by c.index limit 20`
  return rows.map(({ number }) => number)
}

function hindrance(sql: Reader, now: Date) {
  return sql`case
    when s.status = 'DISPUTED' then 'DISPUTED'
    when not d.pays then 'PARTNER_NOT_PAID'
    when s.status = 'ISSUED' and e.ends_at > ${now.toISOString()}::timestamptz then 'MAY_BE_DISPUTED'
    when i.required and not i.matched then 'NO_INVOICE'
    when a.account is null then 'NO_ADDRESS'
  end`
}
