import type { Reader } from '../../../database/client.ts'

/**
 * Statements that do not begin where the one before ended: what they took in beside it is none of the sums to which the
 * agreement's balance had moved, or what they hold is not what was held back and not released.
 */
export async function selectBrokenChains(sql: Reader, limit: number): Promise<readonly string[]> {
  const rows = await sql<{ number: string }[]>`
    with chained as (
      select s.number, s.agreement_id, s.month, s.held,
        sum(s.opening - s.closing) over w + s.closing as taken,
        sum(s.holdback - s.released) over w as held_back
      from statements s where s.issued_at is not null window w as (partition by s.agreement_id order by s.month)
    ), moved as (
      select b.agreement_id, sum(b.amount) over (partition by b.agreement_id order by b.record_id) as amount
      from balance_changes b
    ), opened as (
      select o.agreement_id, sum(o.amount) as held from approved_opening_lines o where o.kind = 'HOLDBACK'
      group by o.agreement_id
    )
    select c.number from chained c left join opened o on o.agreement_id = c.agreement_id
    where (c.taken <> 0 and not exists (
        select from moved m where m.agreement_id = c.agreement_id and m.amount = c.taken))
      or c.held <> c.held_back + coalesce(o.held, 0)
    order by c.number limit ${limit}`
  return rows.map(({ number }) => number)
}
