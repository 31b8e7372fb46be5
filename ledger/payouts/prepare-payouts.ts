import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Asset } from '../../kernel/money.ts'
import { parseMonth } from '../../kernel/month.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { appendRecords, type NewRecord } from '../../records/append-records.ts'
import { assetText } from '../agreements/asset-text.ts'
import { onceIfKeyed } from '../agreements/once-if-keyed.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import { inBatches } from '../in-batches.ts'
import { holdStatements } from '../store/hold-statements.ts'
import { refuseOverdue } from './execution-date.ts'
import type { Payable, PayoutHindrance } from './payable.ts'
import { endToEndIdOf } from './payout.ts'
import type { PayoutBatch } from './payout-batch.ts'
import { requireOwnAccount } from './require-own-account.ts'
import { insertBatch, type PreparedBatch, requireBatch } from './store/batches.ts'
import { selectPayable } from './store/payable.ts'
import { insertPayouts, type PreparedPayout } from './store/write-payouts.ts'

const preparePayoutsInput = z.strictObject({
  asset: assetText,
  /** Code of the account of ours that pays. */
  ownAccount: z.string().max(60),
  /** Statements of this programme only, by code or id. */
  programme: z.string().max(60).nullish(),
  month: z.string().transform(parseMonth).nullish(),
  /** When the bank is to pay, `2026-02-10`; today or later. */
  executionDate: z.iso.date('it is not a date such as 2026-02-10'),
  /** The same again has one effect; without one each call prepares what is left. */
  idempotencyKey: z.string().nullish(),
})

export type PreparePayoutsInput = z.input<typeof preparePayoutsInput>

/** A statement that waits, and why. */
export type LeftOut = {
  readonly statement: Id<'sta'>
  readonly number: string
  readonly asset: Asset
  /** Before tax, what is not paid. */
  readonly left: bigint
  readonly hindrance: PayoutHindrance
  /** From when on it does not hinder, where that is known. */
  readonly until: Date | undefined
}

export type PreparedPayouts = {
  readonly batch: PayoutBatch
  readonly leftOut: readonly LeftOut[]
}

/**
 * Prepares a batch of all that can be paid by bank in an asset: statements of locked periods that are accepted, also by
 * silence, whose partner is paid in its status and has a verified account that has stood long enough, whose invoice came
 * where one is asked for, and which are in no round on a chain. Of a partly disputed statement the rest is paid. Each part
 * of a statement stands in one live payout at most, whoever prepares at the same moment. Nothing is posted or sent.
 *
 * Throws `NOT_FOUND` (programme, own account), `NOT_READY` when nothing can be paid, `ASSET_MISMATCH` for an account in
 * another asset, `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, `FORBIDDEN` unless a member of the staff acts.
 */
export async function preparePayouts(context: Context, input: PreparePayoutsInput): Promise<PreparedPayouts> {
  requireStaff(context)
  const { idempotencyKey: key, ...request } = parseExactly(preparePayoutsInput, input, 'batch')
  const { reads } = context.database
  const programme = typeof request.programme === 'string' ? await requireProgramme(reads, request.programme) : undefined
  const filter = { asset: request.asset, programme: programme?.id, month: request.month ?? undefined }
  const scope = `${context.actor}:payouts.prepare`
  const { batch, leftOut } = await onceIfKeyed(context, { scope, key, request }, async (tx) => {
    refuseOverdue(context, request.executionDate)
    await requireOwnAccount(tx, request.ownAccount, request.asset)
    const payable = await holdPayable(context, tx, filter)
    const prepared = await writeBatch(context, tx, { ...request, payable })
    return { batch: prepared, leftOut: payable.filter(({ hindrance }) => hindrance !== undefined).map(textOf) }
  })
  return { batch: await requireBatch(reads, batch), leftOut: leftOut.map(leftOutOf) }
}

type Filter = Parameters<typeof selectPayable>[1]

/** What is left to pay, held: what another has prepared meanwhile is seen only after its row was waited for. */
async function holdPayable(
  { clock }: Context,
  tx: Transaction,
  filter: Omit<Filter, 'now' | 'statements'>,
): Promise<readonly Payable[]> {
  const now = clock.now()
  const seen = await selectPayable(tx, { ...filter, now })
  const ids = seen.map(({ statement }) => statement)
  await holdStatements(tx, ids)
  return selectPayable(tx, { ...filter, now, statements: ids })
}

type Preparing = Pick<PreparedBatch, 'asset' | 'ownAccount' | 'executionDate'> & {
  readonly payable: readonly Payable[]
}

async function writeBatch(context: Context, tx: Transaction, preparing: Preparing): Promise<Id<'pob'>> {
  const { asset, ownAccount, executionDate, payable } = preparing
  const id = newId('pob')
  const payouts = payoutsOf(id, payable)
  if (payouts.length === 0) throw nothingToPay(preparing)
  const total = payouts.reduce((all, { transfer }) => all + transfer, 0n)
  const batch: PreparedBatch = { id, asset, ownAccount, executionDate, payouts: payouts.length, total }
  const [record] = await appendRecords(context, tx, [
    {
      kind: 'payout_batch',
      data: { event: 'PREPARED', batch: id, asset, ownAccount, executionDate, payouts: BigInt(payouts.length), total },
    },
  ])
  invariant(record, 'a batch is prepared with its record')
  await insertBatch(tx, batch, { by: context.actor, record })
  await inBatches(payouts, async (some) => {
    const records = await appendRecords(context, tx, some.map(recordOf))
    const rows = some.map((payout, place) => {
      const own = records[place]
      invariant(own, 'a payout is prepared with its record')
      return { payout, by: context.actor, record: own }
    })
    await insertPayouts(tx, rows)
  })
  return id
}

function payoutsOf(batch: Id<'pob'>, payable: readonly Payable[]): readonly PreparedPayout[] {
  return payable
    .flatMap(({ statement, partner, asset, attempt, account, amounts, hindrance }) =>
      hindrance !== undefined || account === undefined || amounts === undefined
        ? []
        : [{ ...amounts, statement, partner, asset, attempt, account, endToEndId: endToEndIdOf(statement, attempt) }],
    )
    .map((payout, index) => ({ ...payout, id: newId('pyt'), batch, place: index + 1 }))
}

function recordOf({ id, place, attempt, ...payout }: PreparedPayout): NewRecord {
  const counts = { place: BigInt(place), attempt: BigInt(attempt) }
  return { kind: 'payout', data: { event: 'PREPARED', payout: id, ...counts, ...payout } }
}

function nothingToPay({ asset, payable }: Preparing): Fault {
  const reasons = Object.entries(Object.groupBy(payable, ({ hindrance }) => hindrance ?? 'NOTHING_LEFT'))
  const told = reasons.map(([reason, some]) => `${some.length} ${reason}`).join(', ')
  const waiting = told === '' ? '' : `: ${told}`
  return new Fault('NOT_READY', `no statement in ${asset} can be paid by bank now${waiting}`)
}

/** As an answer under an idempotency key, which is JSON. */
function textOf({ statement, number, asset, left, hindrance = 'NOTHING_LEFT', until }: Payable) {
  return { statement, number, asset, left: `${left}`, hindrance, until: until?.toISOString() ?? null }
}

function leftOutOf({ left, until, ...named }: ReturnType<typeof textOf>): LeftOut {
  return { ...named, left: BigInt(left), until: until === null ? undefined : new Date(until) }
}
