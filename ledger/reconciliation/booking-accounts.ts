import type { ChartName } from '../journal/chart.ts'

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

export type BookingAccount = (typeof BOOKING_ACCOUNTS)[number]

export function isBookingAccount(text: string | undefined): text is BookingAccount {
  return BOOKING_ACCOUNTS.some((account) => account === text)
}
