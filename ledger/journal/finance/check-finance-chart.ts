import type { Reader } from '../../../database/client.ts'
import type { Context } from '../../../database/context.ts'
import { Fault } from '../../../kernel/fault.ts'
import { CUSTOMER_ACCOUNTS } from '../chart.ts'
import { selectUsedAccounts, type UsedAccount } from '../store/used-accounts.ts'
import type { FinanceAccount, FinanceChart, FinancePlace } from './finance-chart.ts'

/** One of our accounts in an asset, and where it stands in the finance system; accounts of customers are told as one. */
export type MappedAccount = UsedAccount & { readonly finance: FinanceAccount | undefined }

const MOST_NAMED = 20

/** All accounts that something was posted to, each with its account in the finance system, if it is mapped. */
export async function checkFinanceChart({ database }: Context, chart: FinanceChart): Promise<readonly MappedAccount[]> {
  return mapAccounts(database.reads, chart)
}

/** Throws `ACCOUNT_UNMAPPED`, with their names, unless every account that something was posted to is mapped. */
export async function requireMapped(sql: Reader, chart: FinanceChart): Promise<void> {
  const unmapped = (await mapAccounts(sql, chart)).filter(({ finance }) => finance === undefined)
  if (unmapped.length > 0) throw unmappedFault(unmapped)
}

/** Where an account stands in the finance system. Throws `ACCOUNT_UNMAPPED`. */
export function requirePlace(chart: FinanceChart, { account, asset }: UsedAccount): FinancePlace {
  const place = chart(account, asset)
  if (place === undefined) throw unmappedFault([{ account, asset }])
  return place
}

function unmappedFault(unmapped: readonly UsedAccount[]): Fault {
  const named = unmapped.slice(0, MOST_NAMED).map(({ account, asset }) => `${account} in ${asset}`)
  const more = unmapped.length > MOST_NAMED ? `, and ${unmapped.length - MOST_NAMED} more` : ''
  return new Fault('ACCOUNT_UNMAPPED', `the chart does not map ${named.join(', ')}${more}`, { field: 'chart' })
}

async function mapAccounts(sql: Reader, chart: FinanceChart): Promise<readonly MappedAccount[]> {
  const used = await selectUsedAccounts(sql, CUSTOMER_ACCOUNTS)
  return used.map(({ account, asset }) => {
    const place = chart(account, asset)
    return { account, asset, finance: place && { code: place.code, name: place.name } }
  })
}
