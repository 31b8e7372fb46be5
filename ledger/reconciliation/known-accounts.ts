import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { type Asset, codeOf } from '../../kernel/money.ts'
import { listOwnAccounts } from '../bank-accounts/list-own-accounts.ts'
import { openOwnAccount } from '../bank-accounts/open-own-account.ts'

/** An account of ours, as far as statements of it are concerned. */
export type KnownAccount = { readonly id: Id<'obk'>; readonly code: string; readonly asset: Asset }

/** Which account of ours a statement is of. */
export type AccountOf = (told: {
  readonly number: string | undefined
  readonly currency: string | undefined
}) => KnownAccount

/**
 * Finds our accounts by what statements say of them: the number, and the currency where it is told. With a code given, a
 * statement must be of that account, or say nothing. Throws `NOT_FOUND` for a code that names none; what it gives throws
 * `NOT_FOUND` for a statement of an account that is not ours or was not verified, and `INVALID_INPUT` where none is told.
 */
export async function knownAccounts(context: Context, code?: string): Promise<AccountOf> {
  const verified = (await listOwnAccounts(context)).filter(({ status }) => status === 'VERIFIED')
  const named = verified.find((account) => account.code === code)
  if (code !== undefined && named === undefined)
    throw new Fault('NOT_FOUND', 'there is no such account of ours', { field: 'ownAccount' })
  const numbers = new Map<string, KnownAccount[]>()
  for (const { id, code: own, asset } of verified) {
    const { details } = await openOwnAccount(context, own)
    const known = numbers.get(details.number) ?? []
    numbers.set(details.number, [...known, { id, code: own, asset }])
  }
  return ({ number, currency }) => {
    const plain = number?.replaceAll(/[\s-]/g, '').toUpperCase()
    const found = (plain === undefined ? [] : (numbers.get(plain) ?? [])).filter(
      ({ asset }) => currency === undefined || codeOf(asset) === currency,
    )
    const fitting =
      named === undefined ? found : plain === undefined ? [named] : found.filter(({ id }) => id === named.id)
    const [account] = fitting
    if (account !== undefined && currency !== undefined && codeOf(account.asset) !== currency) {
      throw new Fault('ASSET_MISMATCH', `our account ${account.code} is in another currency`, { field: 'ownAccount' })
    }
    if (account !== undefined && fitting.length === 1) return account
    if (plain === undefined || fitting.length > 1) {
      throw new Fault('INVALID_INPUT', 'the file does not say which account it is of: name it', { field: 'ownAccount' })
    }
    throw new Fault('NOT_FOUND', 'a statement in the file is of an account that is not ours, or not the one named', {
      field: 'ownAccount',
    })
  }
}
