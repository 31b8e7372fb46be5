import type { Asset } from '../../kernel/money.ts'
import type { BankAccountDetails } from '../bank-accounts/bank-details.ts'

/** One payment of a message. */
export type PaymentInstruction = {
  /** Ours, up to 35 letters and digits: a bank tells of the payment by it. */
  readonly instructionId: string
  /** Goes with the payment to whom is paid, and comes back with the bank's entry. */
  readonly endToEndId: string
  /** Minor units of the message's asset; above zero. */
  readonly minor: bigint
  readonly creditor: BankAccountDetails
  /** What whoever is paid reads. */
  readonly remittance: string
}

/** What a bank is asked to pay together, however it is written. The same message always becomes the same bytes. */
export type PaymentMessage = {
  readonly messageId: string
  readonly createdAt: Date
  /** When the bank is to pay, `2026-02-10`. */
  readonly executionDate: string
  readonly asset: Asset
  readonly debtor: BankAccountDetails
  readonly payments: readonly PaymentInstruction[]
}

/** The sum of a message's payments, in minor units. */
export function controlSum({ payments }: PaymentMessage): bigint {
  return payments.reduce((all, { minor }) => all + minor, 0n)
}
