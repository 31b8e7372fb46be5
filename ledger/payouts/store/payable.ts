import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Month } from '../../../kernel/month.ts'
import { type PartInput, partToPay } from '../part-to-pay.ts'
import type { Payable, PayoutHindrance } from '../payable.ts'

export type PayableFilter = {
  readonly asset?: Asset | undefined
  readonly programme?: Id<'prg'> | undefined
  readonly month?: Month | undefined
  /** Of these alone. */
  readonly statements?: readonly Id<'sta'>[] | undefined
  readonly now: Date
}

type Row = {
  readonly id: string
  readonly number: string
  readonly month: Month
  readonly asset: Asset
  readonly partner_id: string
  readonly partner_code: string
  readonly payout: string
  readonly vat: string
  readonly withholding: string
  readonly vat_ppm: string | null
  readonly withholding_ppm: string | null
  readonly held: string
  readonly live_gross: string
  readonly live_vat: string
  readonly live_withholding: string
  readonly attempts: number
  readonly account_id: string | null
  readonly usable_from: Date | null
  readonly dispute_ends_at: Date
  readonly hindrance: PayoutHindrance | null
}

/** Statements of locked periods of which something is left to pay, the oldest first. Source: RULES §6. */
export async function selectPayable(
  sql: Reader,
  { asset, programme, month, statements, now }: PayableFilter,
): Promise<readonly Payable[]> {
  const rows = await sql<Row[]>`
    select s.id, s.number, s.month, s.asset, s.partner_id, d.code as partner_code, s.payout, s.vat, s.withholding,
      t.body::jsonb -> 'tax' ->> 'vatPpm' as vat_ppm, t.body::jsonb -> 'tax' ->> 'withholdingPpm' as withholding_ppm,
      ${held(sql)} as held, l.gross as live_gross, l.vat as live_vat, l.withholding as live_withholding,
      (select coalesce(max(o.attempt), 0) from payouts o where o.statement_id = s.id) as attempts,
      b.account_id, b.usable_from, e.ends_at as dispute_ends_at,
      ${hindrance(sql, now, sql`l.gross >= s.payout - ${held(sql)}`)} as hindrance
    from statements s ${around(sql)}
    join periods p on p.id = s.period_id and p.status in ('LOCKED', 'CLOSED')
    where s.issued_at is not null and s.payout > l.gross
      ${asset === undefined ? sql`` : sql`and s.asset = ${asset}`}
      ${programme === undefined ? sql`` : sql`and s.programme_id = ${uuidOf(programme)}::uuid`}
      ${month === undefined ? sql`` : sql`and s.month = ${month}`}
      ${statements === undefined ? sql`` : sql`and s.id = any(${statements.map(uuidOf)}::uuid[])`}
      and not exists (
        select from payout_claims c where c.statement_id = s.id and c.live and c.claimed_at is not null
      )
    order by s.id`
  return rows.map(payableOf)
}

/** A payout that may no longer be paid as prepared, and why. */
export type HinderedPayout = { readonly number: string; readonly hindrance: PayoutHindrance | 'ACCOUNT_DIFFERS' }

/** What of a batch may no longer be paid as prepared: something came up, or another account is in force; up to twenty. */
export async function selectHinderedPayouts(
  sql: Reader,
  batch: Id<'pob'>,
  now: Date,
): Promise<readonly HinderedPayout[]> {
  return sql<HinderedPayout[]>`
    select h.number, h.hindrance from (
      select o.place, s.number, coalesce(
        ${hindrance(sql, now, sql`l.gross > s.payout - ${held(sql)}`)},
        case when b.account_id <> o.account_id then 'ACCOUNT_DIFFERS' end
      ) as hindrance
      from payouts o join statements s on s.id = o.statement_id ${around(sql)}
      where o.batch_id = ${uuidOf(batch)}
    ) h where h.hindrance is not null order by h.place limit 20`
}

/** What a statement's payment depends on. */
function around(sql: Reader): Fragment {
  return sql`
    join partner_duties d on d.partner_id = s.partner_id
    join terms t on t.programme_id = s.programme_id and t.version = s.terms_version
    join statement_dispute_ends e on e.statement_id = s.id
    left join statement_disputes x on x.statement_id = s.id
    left join statement_invoices i on i.statement_id = s.id
    left join payable_bank_accounts b on b.partner_id = s.partner_id and b.asset = s.asset
    cross join lateral (
      select coalesce(sum(o.gross), 0) as gross, coalesce(sum(o.vat), 0) as vat,
        coalesce(sum(o.withholding), 0) as withholding
      from payouts o where o.statement_id = s.id and o.live
    ) l`
}

/** What is disputed of a statement: all of it where nothing more is known. */
function held(sql: Reader): Fragment {
  return sql`coalesce(x.held, case when s.status = 'DISPUTED' then s.payout else 0 end)`
}

function hindrance(sql: Reader, now: Date, disputed: Fragment): Fragment {
  return sql`case
    when exists (select from payout_claims c where c.statement_id = s.id and c.live) then 'ON_CHAIN'
    when ${disputed} then 'DISPUTED'
    when not d.pays then 'PARTNER_NOT_PAID'
    when s.status = 'ISSUED' and e.ends_at > ${now.toISOString()}::timestamptz then 'MAY_BE_DISPUTED'
    when i.required and not i.matched then 'NO_INVOICE'
    when b.account_id is null then 'NO_ACCOUNT'
    when b.usable_from > ${now.toISOString()}::timestamptz then 'ACCOUNT_CHANGED'
  end`
}

function payableOf(row: Row): Payable {
  const part: PartInput = {
    statement: { gross: BigInt(row.payout), vat: BigInt(row.vat), withholding: BigInt(row.withholding) },
    live: { gross: BigInt(row.live_gross), vat: BigInt(row.live_vat), withholding: BigInt(row.live_withholding) },
    held: BigInt(row.held),
    tax: { vatPpm: BigInt(row.vat_ppm ?? 0), withholdingPpm: BigInt(row.withholding_ppm ?? 0) },
  }
  const amounts = partToPay(part)
  const hindrance = row.hindrance ?? (amounts === undefined ? 'NOTHING_LEFT' : undefined)
  return {
    statement: idOf('sta', row.id),
    number: row.number,
    month: row.month,
    asset: row.asset,
    partner: idOf('ptr', row.partner_id),
    partnerCode: row.partner_code,
    left: part.statement.gross - part.live.gross,
    held: part.held,
    amounts,
    attempt: row.attempts + 1,
    account: row.account_id === null ? undefined : idOf('bka', row.account_id),
    hindrance,
    until: untilOf(row, hindrance),
  }
}

/** When a hindrance ends by itself. */
function untilOf({ usable_from, dispute_ends_at }: Row, hindrance: PayoutHindrance | undefined): Date | undefined {
  if (hindrance === 'MAY_BE_DISPUTED') return dispute_ends_at
  return hindrance === 'ACCOUNT_CHANGED' ? (usable_from ?? undefined) : undefined
}
