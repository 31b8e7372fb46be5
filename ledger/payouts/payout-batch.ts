import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'

/**
 * `DRAFT` by one person, `APPROVED` by another; `INSTRUCTED` before a byte of its file leaves, from when on it can only end
 * at the bank; `DONE` when all its payouts ended.
 */
export const BATCH_STATUSES = ['DRAFT', 'APPROVED', 'INSTRUCTED', 'SENT', 'DONE', 'CANCELLED'] as const
export type BatchStatus = (typeof BATCH_STATUSES)[number]

/** Payouts in one asset from one account of ours, which go to the bank as one message. */
export type PayoutBatch = {
  readonly id: Id<'pob'>
  readonly asset: Asset
  /** Code of our account. */
  readonly ownAccount: string
  /** When the bank is to pay, `2026-02-10`. */
  readonly executionDate: string
  readonly payouts: number
  /** Sum of the transfers, minor units. */
  readonly total: bigint
  readonly status: BatchStatus
  /** Counts the records about it, from 0. */
  readonly step: number
  readonly preparedBy: Actor
  readonly preparedAt: Date
  readonly approvedBy: Actor | undefined
  readonly approvedAt: Date | undefined
  readonly instructedBy: Actor | undefined
  readonly instructedAt: Date | undefined
  readonly sentBy: Actor | undefined
  readonly sentAt: Date | undefined
  /** Why it was cancelled. */
  readonly reason: string | undefined
}

/** How the file of a batch is written. */
export const FILE_FORMATS = ['PAIN_001', 'CSV'] as const
export type FileFormat = (typeof FILE_FORMATS)[number]

/** A file of a batch that was made for somebody. */
export type MadeFile = {
  readonly format: FileFormat
  /** HMAC-SHA-256 of its bytes under a key of ours. */
  readonly fingerprint: string
  readonly madeBy: Actor
  readonly madeAt: Date
}
