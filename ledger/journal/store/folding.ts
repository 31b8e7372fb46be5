import type { Transaction } from '../../../database/client.ts'
import { invariant } from '../../../kernel/invariant.ts'

/** How many records of the log are summed up together in a total of kind BLOCK; the tables count on it. */
export const BLOCK_RECORDS = 16_384

/**
 * Takes the folder's turn until the transaction ends; says how many records are folded. A batch is small beside the
 * journal, and is looked up by keys: what the planner believes of tables that grow while it looks made it read them whole.
 */
export async function takeFoldTurn(tx: Transaction): Promise<number> {
  await tx`
    select set_config(name, 'off', true) from unnest('{enable_hashjoin,enable_mergejoin,enable_seqscan}'::text[]) as s (name)`
  const [head] = await tx<{ size: string }[]>`select size from balance_head where one for update`
  invariant(head, 'the head of the folded balances is there')
  return Number(head.size)
}

/**
 * Adds the postings of the next sealed records behind the head to the totals, and moves the head behind them; returns how
 * many records that were. Its snapshot must be younger than the turn, so it is a statement of its own.
 */
export async function foldBehind(tx: Transaction, head: number, limit: number): Promise<number> {
  const [row] = await tx<{ folded: number }[]>`
    with due as materialized (
      select s.seq, s.record_id from seals s where s.seq > ${head}::bigint and s.seq <= ${head + limit}::bigint
    ), moved as materialized (
      select p.account_id, p.asset, floor(extract(epoch from p.at) / 86400)::bigint as day,
             (due.seq - 1) / ${BLOCK_RECORDS}::bigint as block, p.amount
      from due join journal_entries e on e.record_id = due.record_id join postings p on p.entry_id = e.id
    ), folded as (
      insert into balance_totals as t (kind, account_id, asset, step, amount)
      select 'ALL', account_id, asset, 0, sum(amount) from moved group by account_id, asset
      union all
      select 'DAY', account_id, asset, day, sum(amount) from moved group by account_id, asset, day
      union all
      select 'BLOCK', account_id, asset, block, sum(amount) from moved group by account_id, asset, block
      on conflict on constraint balance_totals_pkey do update set amount = t.amount + excluded.amount
    ), last as (
      select r.tx_id, r.id, due.seq from due join records r on r.id = due.record_id order by due.seq desc limit 1
    ), moved_on as (
      update balance_head h set size = last.seq, tx_id = last.tx_id, record_id = last.id from last where h.one
    )
    select count(*)::int as folded from due`
  return row?.folded ?? 0
}

/** Forgets all totals: from then on everything counts as not yet folded. */
export async function forgetTotals(tx: Transaction): Promise<void> {
  await tx`delete from balance_totals`
  await tx`
    update balance_head set size = 0, tx_id = '0', record_id = '00000000-0000-0000-0000-000000000000' where one`
}
