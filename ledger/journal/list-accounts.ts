import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import {
  type AccountType,
  CHART,
  type ChartAccount,
  type ChartName,
  chartAccount,
  chartNameOf,
  isChartName,
} from './chart.ts'
import { type AccountPath, isAccountPath } from './entry.ts'
import { countAccounts, selectAccounts } from './store/accounts.ts'

/** An account that something was posted to. */
export type Account = {
  readonly path: AccountPath
  /** Its account in the chart, and what that is; absent for one that is not of the chart. */
  readonly chart: string | undefined
  readonly type: AccountType | undefined
}

export type ListAccountsInput = {
  /** An account with all that is below it, by whole sections. */
  readonly prefix?: string | undefined
  readonly page: PageInput
}

/** The accounts that exist, bytewise by path. Throws `INVALID_INPUT` for a page that is none. */
export async function listAccounts(
  context: Context,
  { prefix, page: asked }: ListAccountsInput,
): Promise<PageResult<Account>> {
  const page = parsePage(asked, 1)
  if (page.cursor?.some((path) => !isAccountPath(path)))
    throw new Fault('INVALID_INPUT', 'the cursor is not one of ours')
  const paths = await selectAccounts(context.database.reads, { prefix, page })
  return pageOf(page, paths.map(accountOf), ({ path }) => [path])
}

/** An account of the chart, and how many accounts there are of it. */
export type ChartRow = ChartAccount & { readonly account: ChartName; readonly exist: number }

/** The chart of accounts, and what exists of it. Source: RULES §6. */
export async function showChart({ database }: Context): Promise<readonly ChartRow[]> {
  const names = Object.keys(CHART).filter(isChartName)
  const counts = await countAccounts(database.reads, names)
  return names.map((account) => ({ account, ...chartAccount(account), exist: counts.get(account) ?? 0 }))
}

function accountOf(path: AccountPath): Account {
  const chart = chartNameOf(path)
  return { path, chart, type: chart && chartAccount(chart).type }
}
