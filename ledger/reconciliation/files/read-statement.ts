import type { Asset } from '../../../kernel/money.ts'

/** A calendar date as the bank writes it, `2026-01-31`. */
export type BankDate = string

/** One balance: what stood on the account at the end of a day (closing) or before its first entry (opening). */
export type ReadBalance = { readonly date: BankDate; readonly minor: bigint }

/** What the head of a statement says, before its entries. */
export type ReadHead = {
  /** IBAN or other number of the account; `undefined` where the file does not tell it. */
  readonly accountNumber: string | undefined
  readonly asset: Asset
  /** The bank's own name of the statement. */
  readonly reference: string | undefined
  readonly sequence: string | undefined
  /** When the bank made it. */
  readonly createdAt: Date | undefined
  readonly opening: ReadBalance | undefined
  readonly closing: ReadBalance | undefined
}

/** What a bank gives to know a payment by; each as the bank wrote it, without white space around it. */
export type EntryReferences = {
  readonly endToEndId?: string | undefined
  readonly instructionId?: string | undefined
  readonly messageId?: string | undefined
  readonly paymentInformationId?: string | undefined
  readonly transactionId?: string | undefined
}

/** What is sealed of an entry: it may be personal, and account numbers stand in it. */
export type EntryCounterparty = {
  readonly name?: string | undefined
  readonly account?: string | undefined
  readonly remittance?: string | undefined
}

/** A part of an entry that is matched on its own: one payment of a batch, or the charges that the bank took with it. */
export type ReadPart = {
  readonly kind: 'PAYMENT' | 'CHARGE'
  /** Positive came in, negative went out. Never zero. */
  readonly minor: bigint
  readonly references: EntryReferences
  readonly counterparty: EntryCounterparty
  /** ISO external code, such as `AC04`, or the bank's own. */
  readonly returnReason: string | undefined
}

/** One booked entry of a statement. The parts add up to it. */
export type ReadEntry = {
  readonly bookedOn: BankDate
  readonly valuedOn: BankDate | undefined
  readonly minor: bigint
  /** Whether the bank takes back an entry of its own. */
  readonly reversal: boolean
  /** The bank's own reference (AcctSvcrRef), unique on the account. */
  readonly bankReference: string | undefined
  /** The entry's number (NtryRef), often unique in its statement only. */
  readonly entryReference: string | undefined
  /** ISO bank transaction code `PMNT/ICDT/ESCT`, or the bank's own. */
  readonly bankCode: string | undefined
  readonly parts: readonly ReadPart[]
}

/** What a file of statements gives, in its order: the head of each, its entries, and its end. */
export type StatementPart =
  | { readonly kind: 'HEAD'; readonly head: ReadHead }
  | { readonly kind: 'ENTRY'; readonly entry: ReadEntry }
  /** `head` where more is known of it at the end, as of files whose lines carry balances. */
  | { readonly kind: 'END'; readonly passedOver: number; readonly head?: ReadHead }
