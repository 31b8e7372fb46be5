import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { BankDate, EntryCounterparty, EntryReferences, ReadBalance } from './files/read-statement.ts'

export const ENTRY_KINDS = ['PAYMENT', 'CHARGE'] as const
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** A piece of money that moved at the bank. */
export type BankEntry = EntryReferences & {
  readonly id: Id<'bke'>
  readonly ownAccount: Id<'obk'>
  /** The statement that told it first. */
  readonly statement: Id<'bst'>
  /** Tells the bank's entry apart on the account; 64 hexadecimal digits. */
  readonly identity: string
  /** Its place within the bank's entry, from 0. */
  readonly part: number
  readonly kind: EntryKind
  readonly asset: Asset
  /** Minor units; positive came in. */
  readonly minor: bigint
  readonly bookedOn: BankDate
  readonly valuedOn?: BankDate | undefined
  readonly reversal: boolean
  readonly bankReference?: string | undefined
  readonly entryReference?: string | undefined
  readonly bankCode?: string | undefined
  readonly returnReason?: string | undefined
  /** The last characters of the other side's account. */
  readonly counterpartyMasked?: string | undefined
  /** A keyed digest of the whole number. */
  readonly counterpartyDigest?: string | undefined
  /** Ciphertext of {@link EntryCounterparty}. */
  readonly sealed: Buffer
}

/** A statement that a bank gave us. */
export type BankStatement = {
  readonly id: Id<'bst'>
  readonly ownAccount: Id<'obk'>
  readonly asset: Asset
  readonly reference?: string | undefined
  readonly sequence?: string | undefined
  readonly madeAt?: Date | undefined
  readonly opening?: ReadBalance | undefined
  readonly closing?: ReadBalance | undefined
  readonly fileDigest: string
  /** Pieces of money in it, those that were not known before, and lines that are no booked money. */
  readonly entries: number
  readonly added: number
  readonly passedOver: number
  readonly importedBy: Actor
  readonly importedAt: Date
}

/** What of an entry is for people who may see it. */
export type OpenedEntry = BankEntry & { readonly counterparty: EntryCounterparty }
