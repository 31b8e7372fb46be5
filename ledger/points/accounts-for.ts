import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { newId } from '../../kernel/ids.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { PointsAccount, PointsHolder } from './points-account.ts'
import { accountRecord } from './points-records.ts'
import { accountsOf, openAccounts } from './store/points-accounts.ts'

/** The accounts of these holders, by their keys; who has none gets one, with its record. */
export async function accountsFor(
  context: Context,
  tx: Transaction,
  holders: readonly PointsHolder[],
): Promise<ReadonlyMap<string, PointsAccount>> {
  const asked = [...new Map(holders.map((holder) => [holderKey(holder), holder])).values()]
  const known = byHolder(await accountsOf(tx, asked))
  const missing = asked.filter((holder) => !known.has(holderKey(holder)))
  if (missing.length === 0) return known
  const fresh = missing.map((holder) => ({ id: newId('pta'), holder, record: newId('rec') }))
  // another transaction may have opened some at the same moment: those get no record of ours
  const opened = await openAccounts(tx, fresh)
  const own = fresh.filter(({ id }) => opened.has(id))
  await appendRecords(
    context,
    tx,
    own.map(({ record, ...account }) => ({ ...accountRecord(account), id: record })),
  )
  return byHolder(await accountsOf(tx, asked))
}

/** What tells holders apart. */
export function holderKey(holder: PointsHolder): string {
  return 'customer' in holder ? holder.customer : holder.partner
}

function byHolder(accounts: readonly PointsAccount[]): ReadonlyMap<string, PointsAccount> {
  return new Map(accounts.map((account) => [holderKey(account.holder), account]))
}
