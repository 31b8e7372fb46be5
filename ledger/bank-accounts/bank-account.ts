import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { AccountScheme } from './bank-details.ts'

export const BANK_ACCOUNT_STATUSES = ['PROPOSED', 'VERIFIED', 'REJECTED', 'REVOKED'] as const
export type BankAccountStatus = (typeof BANK_ACCOUNT_STATUSES)[number]
export const OWN_ACCOUNT_STATUSES = ['PROPOSED', 'VERIFIED', 'REJECTED'] as const
export type OwnAccountStatus = (typeof OWN_ACCOUNT_STATUSES)[number]

/** What may be shown of an account. */
export type AccountFace = {
  readonly asset: Asset
  readonly scheme: AccountScheme
  /** Of the bank. */
  readonly country: string
  readonly bankCode: string
  /** The end of the number, `****1234`. */
  readonly masked: string
}

/** Who entered an account, who verified it by what, and who ended it and why. */
export type AccountLife = {
  readonly enteredBy: Actor
  readonly enteredAt: Date
  readonly verifiedBy: Actor | undefined
  readonly verifiedAt: Date | undefined
  /** What was checked; for us alone. */
  readonly checked: string | undefined
  readonly endedBy: Actor | undefined
  readonly endedAt: Date | undefined
  /** Why it was rejected or revoked. */
  readonly reason: string | undefined
}

/** A bank account of a partner: in force from when a second person has verified it, and payable from `usableFrom`. */
export type BankAccount = AccountFace &
  AccountLife & {
    readonly id: Id<'bka'>
    readonly partner: Id<'ptr'>
    readonly status: BankAccountStatus
    /** Nothing is paid to it before. Absent until it is verified. */
    readonly usableFrom: Date | undefined
  }

/** A bank account of ours, from which partners are paid. */
export type OwnAccount = AccountFace &
  AccountLife & {
    readonly id: Id<'obk'>
    /** Names the account `Bank:<code>` of the journal. */
    readonly code: string
    readonly name: string
    readonly status: OwnAccountStatus
  }

/** The form of such a code. */
export const OWN_ACCOUNT_CODE = /^[a-z][a-z0-9-]{1,39}$/
