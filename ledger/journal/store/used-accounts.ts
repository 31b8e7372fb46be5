import type { Reader } from '../../../database/client.ts'
import type { Asset } from '../../../kernel/money.ts'
import { toldAs } from './balances.ts'

/** An account that something was posted to in an asset. */
export type UsedAccount = { readonly account: string; readonly asset: Asset }

/** By account and asset; those below a prefix of `together` are told as one, by its name. */
export async function selectUsedAccounts(sql: Reader, together: readonly string[]): Promise<readonly UsedAccount[]> {
  return sql<UsedAccount[]>`
    select distinct a.path as account, t.asset
    from (
      select account_id, asset from balance_totals where kind = 'ALL'
      union all
      select account_id, asset from unfolded_postings()
    ) t join ${toldAs(sql, together)} a on a.id = t.account_id
    order by a.path, t.asset`
}
