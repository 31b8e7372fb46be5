import type { Context } from '../../../database/context.ts'
import type { BankAccount, OwnAccount } from '../../../ledger/bank-accounts/bank-account.ts'
import { proposeBankAccount } from '../../../ledger/bank-accounts/propose-bank-account.ts'
import { proposeOwnAccount } from '../../../ledger/bank-accounts/propose-own-account.ts'
import { verifyBankAccount } from '../../../ledger/bank-accounts/verify-bank-account.ts'
import { verifyOwnAccount } from '../../../ledger/bank-accounts/verify-own-account.ts'
import { createPartner } from '../../../partners/create-partner.ts'

/** An account in China; the number is made up. */
export const CHINESE = {
  holder: '杭州海港旅行社有限公司',
  scheme: 'CN_DOMESTIC',
  number: '6222 0212 0011 2233 445',
  bankCode: '102100099996',
  bankName: '中国工商银行',
  country: 'CN',
} as const

/** The example of the IBAN registry. */
export const GERMAN = {
  holder: 'Hafen Reisen GmbH',
  scheme: 'IBAN',
  number: 'DE89 3704 0044 0532 0130 00',
  bankCode: 'COBADEFFXXX',
  country: 'DE',
} as const

let made = 0

/** An idempotency key, or a name, that nothing else has. */
export function fresh(stem = 'key'): string {
  return `${stem}-${++made}`
}

/** A person of the staff acts. */
export function as(context: Context, name: string): Context {
  return { ...context, actor: `staff:${name}` }
}

/** A partner in the sandbox, by its code. */
export async function partnerIn(context: Context): Promise<string> {
  const code = fresh('harbour')
  await createPartner(context, { code, name: 'Harbour', kind: 'SCENARIO' })
  return code
}

type Wanted = { readonly asset?: string; readonly details?: Record<string, unknown> & { readonly number: string } }

/** An account that ann enters. */
export async function entered(
  context: Context,
  partner: string,
  { asset = 'CNY/2', details = CHINESE }: Wanted = {},
): Promise<BankAccount> {
  const input = { partner, asset, details: { ...CHINESE, ...details }, idempotencyKey: fresh() }
  return proposeBankAccount(as(context, 'ann'), input)
}

/** An account that ann enters and bo verifies. */
export async function verified(context: Context, partner: string, wanted: Wanted = {}): Promise<BankAccount> {
  const { id: account } = await entered(context, partner, wanted)
  const { number } = wanted.details ?? CHINESE
  const said = { number, checked: 'called the office', idempotencyKey: fresh() }
  return verifyBankAccount(as(context, 'bo'), { account, ...said })
}

/** An account of ours that ann enters and bo verifies. */
export async function ours(
  context: Context,
  code = fresh('main'),
  details: Wanted['details'] = GERMAN,
): Promise<OwnAccount> {
  const input = { code, asset: 'EUR/2', name: 'Main', details: { ...GERMAN, ...details }, idempotencyKey: fresh() }
  await proposeOwnAccount(as(context, 'ann'), input)
  const said = { number: details.number, checked: 'statement of the bank', idempotencyKey: fresh() }
  return verifyOwnAccount(as(context, 'bo'), { code, ...said })
}
