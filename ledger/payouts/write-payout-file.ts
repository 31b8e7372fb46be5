import { createHash, createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords } from '../../records/append-records.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { openBankAccount } from '../bank-accounts/open-bank-account.ts'
import { openOwnAccount } from '../bank-accounts/open-own-account.ts'
import { painText } from '../rails/pain-001.ts'
import { paymentCsv } from '../rails/payment-csv.ts'
import type { PaymentInstruction, PaymentMessage } from '../rails/payment-message.ts'
import { requireStatus } from './move-batch.ts'
import type { Payout } from './payout.ts'
import { FILE_FORMATS, type FileFormat, type PayoutBatch } from './payout-batch.ts'
import { holdBatch, insertFile, requireBatch, selectFiles } from './store/batches.ts'
import { selectPayoutsOfBatch } from './store/payouts.ts'

const writePayoutFileInput = z.strictObject({ batch: z.string().max(60), format: z.enum(FILE_FORMATS) })

export type WritePayoutFileInput = z.input<typeof writePayoutFileInput> & {
  /** Told after each payment whose account was opened. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

/** A batch's file: it holds bank accounts in the clear, and is to be kept nowhere. */
export type PayoutFile = {
  readonly batch: PayoutBatch
  readonly format: FileFormat
  readonly name: string
  readonly mediaType: string
  readonly text: string
  /** Of the bytes in UTF-8, for whoever hands them over; we keep it nowhere. */
  readonly sha256: string
}

const KINDS: Readonly<Record<FileFormat, { readonly ending: string; readonly mediaType: string }>> = {
  PAIN_001: { ending: 'xml', mediaType: 'application/xml; charset=utf-8' },
  CSV: { ending: 'csv', mediaType: 'text/csv; charset=utf-8' },
}

/**
 * Makes the file of a batch that was instructed: the same bytes however often and wherever it is made, with the same ids, so
 * that a bank takes it once. Accounts are opened for as long as the file is made. That it was made, by whom and when, is
 * recorded before it is given out, with a fingerprint under a key of ours; a file that has another one than the first is not
 * given out.
 *
 * Throws `NOT_FOUND`, `INVALID_INPUT`, `WRONG_STATE` until the batch is instructed, and once money of it is owed again (what
 * leaves then might pay it twice), `UNSUPPORTED` for pain.001 in an asset that is no currency, `HASH_MISMATCH` when it would
 * differ, `FORBIDDEN` unless a member of the staff acts.
 */
export async function writePayoutFile(
  context: Context,
  { onProgress, ...input }: WritePayoutFileInput,
): Promise<PayoutFile> {
  requireStaff(context)
  const { batch: id, format } = parseExactly(writePayoutFileInput, input, 'file')
  const batch = await requireBatch(context.database.reads, id)
  requireStatus(batch, ['INSTRUCTED', 'SENT', 'DONE'])
  const message = await messageOf(context, batch, onProgress ?? (() => {}))
  const text = format === 'PAIN_001' ? painText(message) : paymentCsv(message)
  await context.database.transaction((tx) => tell(context, tx, { batch, format, text }))
  const { ending, mediaType } = KINDS[format]
  const sha256 = createHash('sha256').update(text).digest('hex')
  return { batch, format, name: `${batch.id}.${ending}`, mediaType, text, sha256 }
}

type OnProgress = NonNullable<WritePayoutFileInput['onProgress']>

async function messageOf(context: Context, batch: PayoutBatch, onProgress: OnProgress): Promise<PaymentMessage> {
  const { id, instructedAt, executionDate, asset, ownAccount } = batch
  invariant(instructedAt, 'a batch that was instructed has a time')
  const { details: debtor } = await openOwnAccount(context, ownAccount)
  const payouts = await selectPayoutsOfBatch(context.database.reads, id)
  const payments: PaymentInstruction[] = []
  for (const payout of payouts) {
    payments.push(await instructionOf(context, payout))
    onProgress({ done: payments.length, total: payouts.length })
  }
  return { messageId: id.slice('pob_'.length), createdAt: instructedAt, executionDate, asset, debtor, payments }
}

async function instructionOf(context: Context, payout: Payout): Promise<PaymentInstruction> {
  return {
    instructionId: payout.id.slice('pyt_'.length),
    endToEndId: payout.endToEndId,
    minor: payout.transfer,
    creditor: await openBankAccount(context, payout.account),
    remittance: payout.statementNumber,
  }
}

type Made = { readonly batch: PayoutBatch; readonly format: FileFormat; readonly text: string }

/** Keyed, because who has the rest of a file could try all numbers of an account against a plain hash of it. */
async function tell(context: Context, tx: Transaction, { batch: { id }, format, text }: Made): Promise<void> {
  await holdBatch(tx, id)
  await refuseOwedAgain(tx, id)
  const key = context.keyring.key('payout-files')
  const fingerprint = createHmac('sha256', key).update(`${format}\n${text}`).digest('hex')
  const [first] = (await selectFiles(tx, id)).filter((made) => made.format === format)
  if (first !== undefined && first.fingerprint !== fingerprint) {
    const what = `the file of ${id} would not be the one that was made at ${first.madeAt.toISOString()}: it is not given out`
    throw new Fault('HASH_MISMATCH', what, { field: 'batch' })
  }
  const data = { event: 'FILE', batch: id, format, fingerprint }
  const [record] = await appendRecords(context, tx, [{ kind: 'payout_batch', data }])
  invariant(record, 'a file is made with its record')
  await insertFile(tx, { batch: id, format, fingerprint }, { by: context.actor, record })
}

/** Another attempt may pay such a payout: a bank that never had the file would pay it beside that one. */
async function refuseOwedAgain(tx: Transaction, batch: PayoutBatch['id']): Promise<void> {
  const again = (await selectPayoutsOfBatch(tx, batch)).filter(({ live }) => !live)
  const [first] = again
  if (first === undefined) return
  const what = `the file of ${batch} is not given out any more: ${first.statementNumber} was ${first.status} and is owed again`
  throw new Fault('WRONG_STATE', what, { field: 'batch' })
}
