import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Repayment } from '../repayment-record.ts'

export async function insertRepayment(tx: Transaction, repayment: Repayment, record: Id<'rec'>): Promise<void> {
  const { bankEntry, agreement, programme, partner, asset, minor, ownAccount, at } = repayment
  await tx`
    insert into repayments (bank_entry_id, agreement_id, programme_id, partner_id, asset, amount, own_account, at, record_id)
    values (${uuidOf(bankEntry)}, ${uuidOf(agreement)}, ${uuidOf(programme)}, ${uuidOf(partner)}, ${asset},
      ${`${minor}`}::text::numeric, ${ownAccount}, ${at.toISOString()}, ${uuidOf(record)})`
}

/** What came in by a bank entry, or nothing. */
export async function selectRepayment(sql: Reader, bankEntry: Id<'bke'>): Promise<Repayment | undefined> {
  type Row = {
    readonly agreement_id: string
    readonly programme_id: string
    readonly partner_id: string
    readonly asset: Asset
    readonly amount: string
    readonly own_account: string
    readonly at: Date
  }
  const [row] = await sql<Row[]>`
    select r.agreement_id, r.programme_id, r.partner_id, r.asset, r.amount, r.own_account, r.at from repayments r
    where r.bank_entry_id = ${uuidOf(bankEntry)}`
  if (row === undefined) return undefined
  return {
    bankEntry,
    agreement: idOf('agr', row.agreement_id),
    programme: idOf('prg', row.programme_id),
    partner: idOf('ptr', row.partner_id),
    asset: row.asset,
    minor: BigInt(row.amount),
    ownAccount: row.own_account,
    at: row.at,
  }
}
