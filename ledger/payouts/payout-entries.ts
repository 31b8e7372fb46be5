import { accountPath } from '../journal/chart.ts'
import type { AccountPath } from '../journal/entry.ts'
import type { NewEntry } from '../journal/post-entries.ts'
import type { Payout } from './payout.ts'

type Leg = readonly [account: AccountPath, minor: bigint]

/** Tax that the journal does not have yet. Minor units. */
export type TaxToPost = { readonly vat: bigint; readonly withholding: bigint }

const CLEARING = accountPath('Clearing:Payouts')

/** What is posted when a payment is instructed: the tax that is not posted yet, and the payment. Source: RULES §6. */
export function entriesOfInstruction(payout: Payout, tax: TaxToPost, at: Date): readonly NewEntry[] {
  const { statement, attempt, transfer } = payout
  const payable = payableOf(payout)
  const taxed = `statement:${statement}`
  return [
    ...entry(payout, { at, reference: `${taxed}:vat:${attempt}`, what: 'Self-billed VAT' }, [
      [accountPath('Tax:InputVAT'), tax.vat],
      [payable, -tax.vat],
    ]),
    ...entry(payout, { at, reference: `${taxed}:withholding:${attempt}`, what: 'Tax withheld' }, [
      [payable, tax.withholding],
      [accountPath('Tax:Withholding'), -tax.withholding],
    ]),
    ...step(payout, { at, name: 'instruct', what: 'Payment instructed' }, [
      [payable, transfer],
      [CLEARING, -transfer],
    ]),
  ]
}

/** What is posted when the money left our account. */
export function entriesOfSettlement(payout: Payout, { at, ownAccount }: AtBank): readonly NewEntry[] {
  return step(payout, { at, name: 'settled', what: 'Payment confirmed by the bank' }, [
    [CLEARING, payout.transfer],
    [accountPath('Bank', ownAccount), -payout.transfer],
  ])
}

/** What is posted when the money never left: we owe it again. */
export function entriesOfRejection(payout: Payout, at: Date): readonly NewEntry[] {
  return step(payout, { at, name: 'rejected', what: 'Payment rejected' }, reopening(payout))
}

/** What is posted when the money came back: to the bank first, and we owe it again. */
export function entriesOfReturn(payout: Payout, { at, ownAccount }: AtBank): readonly NewEntry[] {
  return [
    ...step(payout, { at, name: 'returned', what: 'Payment returned by the bank' }, [
      [accountPath('Bank', ownAccount), payout.transfer],
      [CLEARING, -payout.transfer],
    ]),
    ...step(payout, { at, name: 'reopened', what: 'Payment owed again' }, reopening(payout)),
  ]
}

/** Where money moved, and the bank's time. */
export type AtBank = { readonly at: Date; readonly ownAccount: string }

function reopening(payout: Payout): readonly Leg[] {
  return [
    [CLEARING, payout.transfer],
    [payableOf(payout), -payout.transfer],
  ]
}

function payableOf({ partnerCode }: Payout): AccountPath {
  return accountPath('Partner:Payable', partnerCode)
}

function step(
  payout: Payout,
  { at, name, what }: { readonly at: Date; readonly name: string; readonly what: string },
  legs: readonly Leg[],
): readonly NewEntry[] {
  return entry(payout, { at, reference: `payout:${payout.id}:${name}`, what }, legs)
}

/** Positive is debit. Where nothing moves there is no entry. */
function entry(
  { asset, statementNumber }: Payout,
  { at, reference, what }: { readonly at: Date; readonly reference: string; readonly what: string },
  legs: readonly Leg[],
): readonly NewEntry[] {
  const postings = legs.filter(([, minor]) => minor !== 0n).map(([account, minor]) => ({ account, asset, minor }))
  return postings.length === 0 ? [] : [{ at, reference, description: `${what}: ${statementNumber}`, postings }]
}
