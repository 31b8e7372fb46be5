import type { Reader } from '../../../database/client.ts'
import { uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { FactScope } from '../case-scope.ts'
import { heldReferrals, membersOf } from './case-parts.ts'

/** How many events of referred customers were left out because they are in another asset than the programme's, by asset. */
export async function countOtherAssets(
  sql: Reader,
  scope: FactScope,
): Promise<readonly { readonly asset: Asset; readonly events: number }[]> {
  const rows = await sql<{ asset: Asset; events: number }[]>`
    with ${membersOf(sql, scope)}, ${heldReferrals(sql, scope)}
    select e.asset, count(*)::integer as events
    from held h
    join revenue_events e on e.customer_id = h.customer_id and e.occurred_at >= h.occurred_at
    join programmes p on p.id = ${uuidOf(scope.programme)} and p.asset <> e.asset
    where e.occurred_at >= ${scope.from.toISOString()} and e.occurred_at < ${scope.to.toISOString()}
    group by e.asset order by e.asset collate "C"`
  return [...rows]
}
