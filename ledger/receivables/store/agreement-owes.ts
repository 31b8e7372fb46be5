import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'

/**
 * Keeps the balances of a programme's agreements as they are, until the transaction ends: what writes one off, takes money in
 * or brings one along holds them, and so does the lock of a month, whose statements begin with them. Take it before anything
 * is read that rests on them.
 */
export async function holdBalances(tx: Transaction, programme: Id<'prg'>): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`balances:${programme}`}, 0))`
}

/** What an agreement's partner owes by it now, in minor units of the programme's asset; 0 when it owes nothing. */
export async function selectOwed(sql: Reader, agreement: Id<'agr'>): Promise<bigint> {
  const [row] = await sql<{ owed: string }[]>`
    select greatest(-coalesce(sum(m.amount), 0), 0)::text as owed from (
      select s.closing - s.opening as amount from statements s
      where s.agreement_id = ${uuidOf(agreement)} and s.issued_at is not null
      union all
      select b.amount from balance_changes b where b.agreement_id = ${uuidOf(agreement)}
    ) m`
  return BigInt(row?.owed ?? 0)
}
