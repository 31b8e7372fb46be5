import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'

/**
 * `DRAFT` by one person, `APPROVED` by another; `INSTRUCTED` once the file may have left; `SENT` when a person says that the
 * bank has it. `SETTLED`, `REJECTED` and `RETURNED` are the bank's word; `UNKNOWN` when it gives none. `CANCELLED` ones were
 * never instructed.
 */
export const PAYOUT_STATUSES = [
  ...(['DRAFT', 'APPROVED', 'INSTRUCTED', 'SENT', 'UNKNOWN'] as const),
  ...(['SETTLED', 'REJECTED', 'RETURNED', 'CANCELLED'] as const),
] as const
export type PayoutStatus = (typeof PAYOUT_STATUSES)[number]

/** What each status may become; the bank may speak before a person says that the file was sent. Source: RULES §6, ADR 0023. */
export const PAYOUT_MOVES = {
  DRAFT: ['APPROVED', 'CANCELLED'],
  APPROVED: ['INSTRUCTED', 'CANCELLED'],
  INSTRUCTED: ['SENT', 'UNKNOWN', 'SETTLED', 'REJECTED', 'RETURNED'],
  SENT: ['UNKNOWN', 'SETTLED', 'REJECTED', 'RETURNED'],
  UNKNOWN: ['SENT', 'SETTLED', 'REJECTED', 'RETURNED'],
  SETTLED: ['RETURNED'],
  REJECTED: [],
  RETURNED: [],
  CANCELLED: [],
} as const satisfies Readonly<Record<PayoutStatus, readonly PayoutStatus[]>>

/** What a person found out of an unknown payout: the bank executed it, so that its entry will come, or never will. */
export const FOUND_OUTCOMES = ['EXECUTED', 'NOT_EXECUTED'] as const
export type FoundOutcome = (typeof FOUND_OUTCOMES)[number]

/** Evidence that waits for another person's word. */
export type Finding = {
  readonly outcome: FoundOutcome
  readonly evidence: string
  readonly by: Actor
  readonly at: Date
}

/** The parts of an amount that is paid. Minor units; `transfer = gross + vat − withholding` goes to the bank. */
export type PayoutAmounts = {
  readonly gross: bigint
  readonly vat: bigint
  readonly withholding: bigint
  readonly transfer: bigint
}

/** One attempt to pay a statement by bank, or a part of it. */
export type Payout = PayoutAmounts & {
  readonly id: Id<'pyt'>
  readonly batch: Id<'pob'>
  /** Within the batch, from 1. */
  readonly place: number
  readonly statement: Id<'sta'>
  /** The statement's number. */
  readonly statementNumber: string
  readonly partner: Id<'ptr'>
  readonly partnerCode: string
  readonly asset: Asset
  /** Over the statement, from 1. */
  readonly attempt: number
  /** The partner's bank account. */
  readonly account: Id<'bka'>
  /** 32 digits of the statement's id and 3 of the attempt: the same however often the file is made. */
  readonly endToEndId: string
  readonly status: PayoutStatus
  /** Paid, or may yet be. */
  readonly live: boolean
  /** Counts the records about it, from 0. */
  readonly step: number
  readonly preparedBy: Actor
  readonly preparedAt: Date
  readonly settledAt: Date | undefined
  readonly settledEntry: Id<'bke'> | undefined
  readonly endedAt: Date | undefined
  readonly endedEntry: Id<'bke'> | undefined
  readonly reason: string | undefined
  readonly finding: Finding | undefined
  /** When its last record was written. */
  readonly movedAt: Date
}

/** The end-to-end id of an attempt: at most 35 characters of ISO 20022, unique, and known before anything is sent. */
export function endToEndIdOf(statement: Id<'sta'>, attempt: number): string {
  return `${statement.slice('sta_'.length)}${String(attempt).padStart(3, '0')}`
}
