import type { Context } from '../../database/context.ts'
import { proposeBankAccount } from '../../ledger/bank-accounts/propose-bank-account.ts'
import { proposeOwnAccount } from '../../ledger/bank-accounts/propose-own-account.ts'
import { verifyBankAccount } from '../../ledger/bank-accounts/verify-bank-account.ts'
import { verifyOwnAccount } from '../../ledger/bank-accounts/verify-own-account.ts'
import type { DemoPartner } from './demo-partners.ts'
import { PROGRAMME } from './demo-plan.ts'
import { asAlice, asBob } from './demo-staff.ts'

/** The account that pays partners: `Bank:main` in the journal. Its number is made up, like all of these. */
export const OWN_ACCOUNT = { code: 'main', name: 'Settlement 结算账户', number: '6222600910048812345' } as const

const CHECKED = 'a statement of the bank'

/** Enters the account of ours and one of each live partner, by one person, and verifies them by another. */
export async function loadAccounts(context: Context, partners: readonly DemoPartner[]): Promise<void> {
  await loadOwnAccount(context)
  for (const [place, partner] of partners.entries()) if (partner.live) await loadAccount(context, partner, place)
}

async function loadOwnAccount(context: Context): Promise<void> {
  const { code, name, number } = OWN_ACCOUNT
  const account = { code, name, asset: PROGRAMME.asset, details: detailsOf('Tributary Securities 支流证券', number) }
  await proposeOwnAccount(asAlice(context), { ...account, idempotencyKey: 'demo-own-account' })
  const check = { code, number, checked: CHECKED, idempotencyKey: 'demo-own-account-check' }
  await verifyOwnAccount(asBob(context), check)
}

async function loadAccount(context: Context, { code, name }: DemoPartner, place: number): Promise<void> {
  const number = `62220212001${String(place + 1).padStart(8, '0')}`
  const account = { partner: code, asset: PROGRAMME.asset, details: detailsOf(name, number) }
  const { id } = await proposeBankAccount(asAlice(context), { ...account, idempotencyKey: `demo-account-${code}` })
  const check = { account: id, number, checked: CHECKED, idempotencyKey: `demo-account-check-${code}` }
  await verifyBankAccount(asBob(context), check)
}

function detailsOf(holder: string, number: string) {
  return { holder, scheme: 'CN_DOMESTIC' as const, number, bankCode: '102100099996', country: 'CN' }
}
