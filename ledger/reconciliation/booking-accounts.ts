import { accountPath, type ChartName } from '../journal/chart.ts'
import type { AccountPath } from '../journal/entry.ts'

/**
 * Accounts of the journal against which money at a bank is booked by hand. What a partner pays back is not among them: that
 * is told of the partner, and raises its balance.
 */
export const BOOKING_ACCOUNTS = [
  'Clearing:Treasury',
  'Equity:Opening',
  'Expenses:BankDifferences',
  'Expenses:BankFees',
  'Expenses:PayoutFees',
  'Income:BankInterest',
  'Tax:InputVAT',
  'Tax:Withholding',
] as const satisfies readonly ChartName[]

/** What people are told of them: the last is for what a partner is due for rewards, and for no more. */
export const BOOKING_ACCOUNT_NAMES = [...BOOKING_ACCOUNTS, 'Partner:Payable:CODE'] as const

const PAYABLE = 'Partner:Payable:'
const REWARDED = /^Partner:Payable:([a-z][a-z0-9-]{1,39})$/

export type BookingAccount = (typeof BOOKING_ACCOUNTS)[number] | `${typeof PAYABLE}${string}`

export function isBookingAccount(text: string | undefined): text is BookingAccount {
  return BOOKING_ACCOUNTS.some((account) => account === text) || REWARDED.test(text ?? '')
}

/** The code of the partner that is paid for rewards by a booking against this account; nothing for any other account. */
export function rewardedPartner(account: BookingAccount): string | undefined {
  return REWARDED.exec(account)?.[1]
}

/** Where in the journal it is booked. */
export function bookingPath(account: BookingAccount): AccountPath {
  const partner = rewardedPartner(account)
  if (partner !== undefined) return accountPath('Partner:Payable', partner)
  // safe because every other one is an account of the chart by its name
  return accountPath(account as (typeof BOOKING_ACCOUNTS)[number])
}
