import type { Reader } from '../../../database/client.ts'
import type { Balance, BalanceFilter } from '../balance.ts'

export async function selectBalances(sql: Reader, { prefix, asset }: BalanceFilter): Promise<readonly Balance[]> {
  const rows = await sql<(Omit<Balance, 'minor'> & { minor: string })[]>`
    select a.path as account, p.asset, sum(p.amount)::text as minor
    from postings p join accounts a on a.id = p.account_id
    where true
      ${prefix === undefined ? sql`` : sql`and (a.path = ${prefix} or starts_with(a.path, ${`${prefix}:`}))`}
      ${asset === undefined ? sql`` : sql`and p.asset = ${asset}`}
    group by a.path, p.asset having sum(p.amount) <> 0 order by a.path, p.asset`
  return rows.map(({ account, asset: of, minor }) => ({ account, asset: of, minor: BigInt(minor) }))
}
