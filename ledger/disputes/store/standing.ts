import type { Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import { invariant } from '../../../kernel/invariant.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { StatementStatus } from '../../settlement/statement.ts'

/** Where an issued statement stands, for those who answer to it. */
export type Standing = {
  readonly statement: Id<'sta'>
  readonly number: string
  readonly agreement: Id<'agr'>
  readonly programme: Id<'prg'>
  readonly partner: Id<'ptr'>
  readonly asset: Asset
  readonly payout: bigint
  readonly status: StatementStatus
  /** From then on it cannot be disputed any more. */
  readonly disputeEndsAt: Date
}

type Row = {
  readonly number: string
  readonly agreement_id: string
  readonly programme_id: string
  readonly partner_id: string
  readonly asset: Asset
  readonly payout: string
  readonly status: StatementStatus
  readonly ends_at: Date
}

/**
 * An issued statement, held until the transaction ends. Whoever answers to a statement, or pays it, does this first: the
 * lock comes in one statement, what is read under it in the next.
 */
export async function holdStanding(tx: Transaction, statement: Id<'sta'>): Promise<Standing> {
  await tx`select from statements where id = ${uuidOf(statement)} for no key update`
  const [row] = await tx<Row[]>`
    select s.number, s.agreement_id, s.programme_id, s.partner_id, s.asset, s.payout, s.status, e.ends_at
    from statements s join statement_dispute_ends e on e.statement_id = s.id where s.id = ${uuidOf(statement)}`
  invariant(row, 'a statement that was found is issued')
  return {
    statement,
    number: row.number,
    agreement: idOf('agr', row.agreement_id),
    programme: idOf('prg', row.programme_id),
    partner: idOf('ptr', row.partner_id),
    asset: row.asset,
    payout: BigInt(row.payout),
    status: row.status,
    disputeEndsAt: row.ends_at,
  }
}

/**
 * Lets issued statements stand as their answers make them: disputed while a dispute is open, accepted once they were
 * accepted or all their disputes are closed. The order in which the answers came does not matter.
 */
export async function settleStanding(tx: Transaction, statements: readonly Id<'sta'>[]): Promise<void> {
  await tx`
    with standing as (
      select s.id, case
        when exists (select from disputes d where d.statement_id = s.id and d.status = 'OPEN') then 'DISPUTED'
        when exists (select from disputes d where d.statement_id = s.id)
          or exists (select from statement_acceptances a where a.statement_id = s.id) then 'ACCEPTED'
        else 'ISSUED' end as status
      from statements s where s.id = any(${statements.map(uuidOf)}::uuid[]) and s.issued_at is not null
    )
    update statements s set status = n.status from standing n where s.id = n.id and s.status <> n.status`
}

/** Some issued statements that nobody answered to until now, whose days to dispute are over. */
export async function holdSilent(
  tx: Transaction,
  { now, limit }: { readonly now: Date; readonly limit: number },
): Promise<readonly { readonly statement: Id<'sta'>; readonly partner: Id<'ptr'> }[]> {
  const rows = await tx<{ id: string; partner_id: string }[]>`
    select s.id, s.partner_id from statements s
    where s.status = 'ISSUED' and s.id = any(array(
      select e.statement_id from statement_dispute_ends e
      join statements i on i.id = e.statement_id and i.status = 'ISSUED'
      where e.ends_at <= ${now.toISOString()}::timestamptz order by e.statement_id limit ${limit}
    ))
    order by s.id for no key update of s skip locked`
  return rows.map(({ id, partner_id }) => ({ statement: idOf('sta', id), partner: idOf('ptr', partner_id) }))
}
