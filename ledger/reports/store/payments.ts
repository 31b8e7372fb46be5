import type { Reader } from '../../../database/client.ts'
import { type Id, idOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import { instantText, type ReportMoment } from '../report-moment.ts'
import type { Rail } from '../row-kinds.ts'
import { paymentsOf } from './fragments.ts'

/** A payment that is instructed and neither arrived nor was rejected; below zero one that arrived before. Minor units. */
export type PaymentInTheAir = {
  readonly rail: Rail
  /** Id of the payout, or of the round on a chain. */
  readonly payment: string
  readonly statement: Id<'sta'>
  readonly number: string
  readonly partner: string
  readonly asset: Asset
  readonly minor: bigint
  readonly instructedAt: Date
}

export async function selectInTheAir(sql: Reader, moment: ReportMoment): Promise<readonly PaymentInTheAir[]> {
  const at = instantText(moment)
  type Row = Omit<PaymentInTheAir, 'statement' | 'minor' | 'instructedAt'> & {
    readonly statement_id: string
    readonly minor: string
    readonly instructed_at: Date
  }
  const rows = await sql<Row[]>`
    select p.rail, p.payment, s.id as statement_id, s.number, d.code as partner, s.asset,
      (p.amount * m.under_way)::text as minor, p.instructed_at
    from ${paymentsOf(sql)} p
    join statements s on s.id = p.statement_id
    join partner_duties d on d.partner_id = s.partner_id
    cross join lateral (
      select (p.instructed_at <= ${at}::text::timestamptz)::integer
        - coalesce((p.landed_at <= ${at}::text::timestamptz)::integer, 0) as under_way
    ) m
    where m.under_way <> 0
    order by d.code, s.number, p.payment`
  return rows.map(({ statement_id, minor, instructed_at: instructedAt, ...row }) => ({
    ...row,
    statement: idOf('sta', statement_id),
    minor: BigInt(minor),
    instructedAt,
  }))
}
