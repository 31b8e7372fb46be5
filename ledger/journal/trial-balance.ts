import type { Context } from '../../database/context.ts'
import type { Asset } from '../../kernel/money.ts'
import type { Balance, BalanceMoment } from './balance.ts'
import { balances } from './balances.ts'
import type { AccountPath } from './entry.ts'

/** A balance in the column where it belongs; the other one is 0. */
export type TrialBalanceRow = {
  readonly account: AccountPath
  readonly asset: Asset
  readonly debit: bigint
  readonly credit: bigint
}

export type TrialBalance = {
  readonly rows: readonly TrialBalanceRow[]
  /** The sums of both columns in each asset, which are the same. */
  readonly totals: readonly { readonly asset: Asset; readonly debit: bigint; readonly credit: bigint }[]
  readonly balanced: boolean
}

/** All balances in two columns, debits and credits, as of a moment; see {@link balances}. */
export async function trialBalance(context: Context, moment: BalanceMoment = {}): Promise<TrialBalance> {
  return trialBalanceOf(await balances(context, moment))
}

/** Balances in two columns. */
export function trialBalanceOf(found: readonly Balance[]): TrialBalance {
  const rows = found.map(({ account, asset, minor }) => ({
    account,
    asset,
    debit: minor > 0n ? minor : 0n,
    credit: minor < 0n ? -minor : 0n,
  }))
  const totals = [...new Set(rows.map(({ asset }) => asset))].sort().map((asset) => {
    const own = rows.filter((row) => row.asset === asset)
    return { asset, debit: sumOf(own, 'debit'), credit: sumOf(own, 'credit') }
  })
  return { rows, totals, balanced: totals.every(({ debit, credit }) => debit === credit) }
}

function sumOf(rows: readonly TrialBalanceRow[], column: 'debit' | 'credit'): bigint {
  return rows.reduce((sum, row) => sum + row[column], 0n)
}
