import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { Month } from '../../kernel/month.ts'

export const INVOICE_KINDS = ['FAPIAO', 'DIGITAL_FAPIAO', 'OTHER'] as const
export type InvoiceKind = (typeof INVOICE_KINDS)[number]
export const INVOICE_STATUSES = ['MATCHED', 'DIFFERS', 'WITHDRAWN', 'CREDITED'] as const
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number]
export const INVOICE_DIFFERENCES = ['ASSET', 'GROSS', 'VAT'] as const
export type InvoiceDifference = (typeof INVOICE_DIFFERENCES)[number]

/** By which an invoice is known to the tax office: once per partner. */
export type InvoiceNumber = {
  readonly kind: InvoiceKind
  /** 10 or 12 digits of a `FAPIAO`; empty for the others. */
  readonly code: string
  readonly number: string
}

/** What an invoice is for. Minor units. */
export type InvoiceAmounts = {
  readonly asset: Asset
  /** Net of tax: the statement's payout. */
  readonly gross: bigint
  readonly vat: bigint
}

/** An invoice as it is registered. */
export type RegisteredInvoice = InvoiceNumber &
  InvoiceAmounts & {
    readonly id: Id<'inv'>
    readonly statement: Id<'sta'>
    readonly partner: Id<'ptr'>
    /** Calendar day, `2026-03-31`. */
    readonly issuedOn: string
    /** What is not as the statement says; nothing when it matches. */
    readonly differs: readonly InvoiceDifference[]
  }

/** An invoice for what one statement pays, and what became of it. */
export type Invoice = RegisteredInvoice & {
  /** `CREDITED`: a red-letter invoice took it back. */
  readonly status: InvoiceStatus
  readonly statementNumber: string
  /** What the statement says. */
  readonly expected: InvoiceAmounts
  readonly registeredBy: Actor
  readonly registeredAt: Date
  readonly endedBy: Actor | undefined
  readonly endedAt: Date | undefined
  /** Why it was withdrawn or credited. */
  readonly reason: string | undefined
  /** Number of the red-letter invoice. */
  readonly creditNote: string | undefined
}

/** From which month on a programme's payouts wait for an invoice; of several versions the last one holds. */
export type InvoiceRequirement = {
  readonly programme: Id<'prg'>
  /** From 1. */
  readonly version: number
  /** None is asked for when absent. */
  readonly from: Month | undefined
}
