import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Page, type PageInput, type PageResult, pageOf, parsePage } from '../../kernel/pages.ts'
import type { Balance, BalanceFilter, BalanceMoment } from './balance.ts'
import { selectBalances, selectBalancesAt, selectBalancesBySeq } from './store/balances.ts'

/**
 * The balances that are not zero, by account and asset, bytewise: now, at an instant of the entries' time, or at a
 * sequence number of the log. They are exact at the moment in which they are read, also while others post: what is folded
 * and what is not yet are read in one statement. Over all accounts their sum is zero in each asset.
 * Throws `NOT_READY` when the log has not come to that sequence number, `INVALID_INPUT` when it is none.
 */
export async function balances(
  context: Context,
  input: BalanceFilter & BalanceMoment = {},
): Promise<readonly Balance[]> {
  return read(context, input)
}

/** A page of what `balances` gives. Throws the same, and `INVALID_INPUT` for a page that is none. */
export async function listBalances(
  context: Context,
  input: BalanceFilter & BalanceMoment & { readonly page: PageInput },
): Promise<PageResult<Balance>> {
  const page = parsePage(input.page, 2)
  return pageOf(page, await read(context, { ...input, page }), ({ account, asset }) => [account, asset])
}

async function read(
  context: Context,
  { at, seq, ...filter }: BalanceFilter & BalanceMoment & { readonly page?: Page },
): Promise<readonly Balance[]> {
  const { reads } = context.database
  if (at !== undefined) return selectBalancesAt(reads, at, filter)
  if (seq === undefined) return selectBalances(reads, filter)
  if (!Number.isSafeInteger(seq) || seq < 0) {
    throw new Fault('INVALID_INPUT', 'a sequence number of the log is a whole number from 0 on', { field: 'seq' })
  }
  const { size, balances: found } = await selectBalancesBySeq(reads, seq, filter)
  if (seq > size) throw new Fault('NOT_READY', `the log has ${size} sealed records, not ${seq} yet`, { field: 'seq' })
  return found
}
