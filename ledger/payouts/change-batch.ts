import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { onceIfKeyed } from '../agreements/once-if-keyed.ts'
import type { PayoutBatch } from './payout-batch.ts'
import { holdBatch, requireBatch } from './store/batches.ts'

/** Which batch a person of the staff changes. */
export const whichBatch = z.strictObject({
  batch: z.string().max(60),
  /** The same again has one effect and the same answer. */
  idempotencyKey: z.string().nullish(),
})

export type WhichBatch = z.input<typeof whichBatch>

export type BatchChange = {
  readonly verb: string
  readonly input: { readonly batch: string; readonly idempotencyKey?: string | null | undefined }
  /** What else belongs to the request. */
  readonly more?: { readonly [name: string]: string }
  readonly work: (tx: Transaction, batch: PayoutBatch) => Promise<unknown>
}

/** What the steps of a batch have in common: one transaction that holds it, once for a key, by a member of the staff. */
export async function changeBatch(context: Context, { verb, input, more, work }: BatchChange): Promise<PayoutBatch> {
  requireStaff(context)
  const { batch, idempotencyKey: key } = input
  const scope = `${context.actor}:payouts.${verb}`
  const id = await onceIfKeyed(context, { scope, key, request: { batch, ...more } }, async (tx) => {
    const held = await holdBatch(tx, batch)
    await work(tx, held)
    return held.id
  })
  return requireBatch(context.database.reads, id)
}
