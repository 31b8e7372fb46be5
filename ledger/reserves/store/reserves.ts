import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Month } from '../../../kernel/month.ts'
import type { Reserve } from '../reserve.ts'

type Row = {
  readonly agreement_id: string
  readonly change: number
  readonly programme_id: string
  readonly partner_id: string
  readonly amount: string
  readonly until_month: Month
  readonly reason: string
  readonly set_by: string
  readonly set_at: Date
  readonly record_id: string
}

/** The reserve that was said last of an agreement, also when its months are over. */
export async function selectReserve(sql: Reader, agreement: Id<'agr'>): Promise<Reserve | undefined> {
  const [row] = await sql<Row[]>`
    select * from agreement_reserves where agreement_id = ${uuidOf(agreement)} order by change desc limit 1`
  return row && reserveOf(row)
}

/** The last that was said of each of a partner's agreements. */
export async function selectReservesOf(sql: Reader, partner: Id<'ptr'>): Promise<readonly Reserve[]> {
  const rows = await sql<Row[]>`
    select distinct on (agreement_id) * from agreement_reserves where partner_id = ${uuidOf(partner)}
    order by agreement_id, change desc`
  return rows.map(reserveOf)
}

export async function insertReserve(tx: Transaction, reserve: Reserve): Promise<void> {
  const { agreement, programme, partner, change, minor, until, reason, setBy, setAt, record } = reserve
  await tx`
    insert into agreement_reserves (agreement_id, change, programme_id, partner_id, amount, until_month, reason, set_by,
      set_at, record_id)
    values (${uuidOf(agreement)}, ${change}, ${uuidOf(programme)}, ${uuidOf(partner)}, ${`${minor}`}, ${until}, ${reason},
      ${setBy}, ${setAt.toISOString()}, ${uuidOf(record)})`
}

function reserveOf(row: Row): Reserve {
  return {
    agreement: idOf('agr', row.agreement_id),
    programme: idOf('prg', row.programme_id),
    partner: idOf('ptr', row.partner_id),
    ...{ change: row.change, minor: BigInt(row.amount), until: row.until_month, reason: row.reason },
    ...{ setBy: row.set_by, setAt: row.set_at, record: idOf('rec', row.record_id) },
  }
}
