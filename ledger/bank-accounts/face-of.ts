import type { Asset } from '../../kernel/money.ts'
import type { AccountFace } from './bank-account.ts'
import { type BankAccountDetails, maskedNumber } from './bank-details.ts'

/** What may be shown of an account with these details. */
export function faceOf(asset: Asset, { scheme, country, bankCode, number }: BankAccountDetails): AccountFace {
  return { asset, scheme, country, bankCode, masked: maskedNumber(number) }
}
