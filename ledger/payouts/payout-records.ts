import { z } from 'zod'
import { instant } from '../../kernel/instant.ts'
import { parseMinor } from '../../kernel/money.ts'
import { idText, wholeNumber } from '../../records/parse-record-data.ts'
import { assetText } from '../agreements/asset-text.ts'
import { FOUND_OUTCOMES } from './payout.ts'
import { FILE_FORMATS } from './payout-batch.ts'

// What the records of payouts by bank say. Each counts its thing's records as `step`, so that they are read in order.

const minor = z.string().transform(parseMinor)

export const preparedPayout = z.object({
  event: z.literal('PREPARED'),
  payout: idText('pyt'),
  batch: idText('pob'),
  place: wholeNumber,
  statement: idText('sta'),
  partner: idText('ptr'),
  asset: assetText,
  attempt: wholeNumber,
  gross: minor,
  vat: minor,
  withholding: minor,
  transfer: minor,
  account: idText('bka'),
  endToEndId: z.string(),
})

const which = { payout: idText('pyt'), step: wholeNumber }

export const payoutMove = z.discriminatedUnion('event', [
  z.object({ event: z.enum(['APPROVED', 'INSTRUCTED', 'SENT']), ...which }),
  z.object({ event: z.enum(['CANCELLED', 'UNKNOWN']), ...which, reason: z.string() }),
  z.object({ event: z.literal('FOUND'), ...which, outcome: z.enum(FOUND_OUTCOMES), evidence: z.string() }),
  z.object({ event: z.literal('SETTLED'), ...which, entry: idText('bke'), at: instant }),
  z.object({ event: z.literal('RETURNED'), ...which, entry: idText('bke'), at: instant, reason: z.string() }),
  z.object({
    event: z.literal('REJECTED'),
    ...which,
    entry: idText('bke').optional(),
    at: instant,
    reason: z.string(),
  }),
])

/** Something that happened to a payout after it was prepared. */
export type PayoutEvent = PayoutMove extends infer Move
  ? Move extends PayoutMove
    ? Omit<Move, 'payout' | 'step'>
    : never
  : never

type PayoutMove = z.output<typeof payoutMove>

export const preparedBatch = z.object({
  event: z.literal('PREPARED'),
  batch: idText('pob'),
  asset: assetText,
  ownAccount: z.string(),
  executionDate: z.string(),
  payouts: wholeNumber,
  total: minor,
})

export const batchMove = z.discriminatedUnion('event', [
  z.object({
    event: z.enum(['APPROVED', 'INSTRUCTED', 'SENT', 'DONE']),
    batch: idText('pob'),
    step: wholeNumber,
  }),
  z.object({ event: z.literal('CANCELLED'), batch: idText('pob'), step: wholeNumber, reason: z.string() }),
])

/** Something that happened to a batch after it was prepared. */
export type BatchEvent =
  | { readonly event: 'APPROVED' | 'INSTRUCTED' | 'SENT' | 'DONE' }
  | { readonly event: 'CANCELLED'; readonly reason: string }

export const madeFile = z.object({
  event: z.literal('FILE'),
  batch: idText('pob'),
  format: z.enum(FILE_FORMATS),
  fingerprint: z.string(),
})
