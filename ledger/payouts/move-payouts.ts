import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { CanonicalValue } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { inBatches } from '../in-batches.ts'
import { PAYOUT_MOVES, type Payout, type PayoutStatus } from './payout.ts'
import type { PayoutEvent } from './payout-records.ts'
import { updatePayouts } from './store/write-payouts.ts'

/** What is for us alone: a partner's own records begin with the instruction, and say what the bank did then. */
const OURS: ReadonlySet<PayoutEvent['event']> = new Set(['APPROVED', 'CANCELLED', 'UNKNOWN', 'FOUND'])

/**
 * Tells the same of payouts whose batch the transaction holds, each with its record. Throws `WRONG_STATE` for one that
 * cannot become that.
 */
export async function movePayouts(
  context: Context,
  tx: Transaction,
  { payouts, event }: { readonly payouts: readonly Payout[]; readonly event: PayoutEvent },
): Promise<void> {
  for (const payout of payouts) requireMove(payout, event.event)
  await inBatches(payouts, async (batch) => {
    const records = await appendRecords(
      context,
      tx,
      batch.map((payout) => ({
        kind: 'payout',
        data: { ...dataOf(payout, event), payout: payout.id, step: BigInt(payout.step + 1) },
        ...(OURS.has(event.event) ? {} : { partner: payout.partner }),
      })),
    )
    const told = batch.map(({ id }, place) => {
      const record = records[place]
      invariant(record, 'a payout moves with its record')
      return { payout: id, record }
    })
    await updatePayouts(tx, told, { event, by: context.actor })
  })
}

/** Money that came back before it was seen to leave may still be seen to leave; it stays returned. */
function requireMove(payout: Payout, event: PayoutEvent['event']): void {
  const { id, status, settledAt } = payout
  const allowed: readonly PayoutStatus[] = PAYOUT_MOVES[status]
  const late = event === 'SETTLED' && status === 'RETURNED' && settledAt === undefined
  const found = event === 'FOUND' && status === 'UNKNOWN'
  if (late || found || (event !== 'FOUND' && allowed.includes(event))) return
  throw new Fault('WRONG_STATE', `the payout ${id} is ${status}: it cannot become ${event}`, { field: 'payout' })
}

/** Times as text; with the instruction all that its partner may prove. */
function dataOf(
  { statement, asset, attempt, gross, vat, withholding, transfer, endToEndId }: Payout,
  event: PayoutEvent,
): { readonly [name: string]: CanonicalValue | undefined } {
  if (event.event !== 'INSTRUCTED') return 'at' in event ? { ...event, at: event.at.toISOString() } : event
  const paid = { gross, vat, withholding, transfer, endToEndId }
  return { ...event, statement, asset, attempt: BigInt(attempt), ...paid }
}
