import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { onceIfKeyed } from '../agreements/once-if-keyed.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { requireSecondPerson } from '../second-person.ts'
import { holdPayout } from './hold-payout.ts'
import { movePayouts } from './move-payouts.ts'
import { FOUND_OUTCOMES, type Payout } from './payout.ts'
import { rejectPayout } from './reject-payout.ts'
import { requirePayout } from './store/payouts.ts'

const resolvePayoutInput = z.strictObject({
  payout: z.string().max(60),
  outcome: z.enum(FOUND_OUTCOMES),
  /** What the bank wrote, and where that is kept; for us alone. The second person gives what they saw. */
  evidence: lineOfText(1000),
  idempotencyKey: z.string().nullish(),
})

export type ResolvePayoutInput = z.input<typeof resolvePayoutInput>

/**
 * Settles by evidence what became of an `UNKNOWN` payout: one person tells the outcome, another who tells the same makes it
 * so. `NOT_EXECUTED`: it is `REJECTED`, and another attempt may pay it. `EXECUTED`: it is `SENT` again, and waits for the
 * entry of the bank, which alone moves our account. Who tells another outcome than the one that waits puts theirs in its
 * place. Throws `NOT_FOUND`, `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, `WRONG_STATE` unless it is unknown, `FORBIDDEN` for
 * the same person again, or unless a member of the staff acts. Source: ADR 0023.
 */
export async function resolvePayout(context: Context, input: ResolvePayoutInput): Promise<Payout> {
  requireStaff(context)
  const { idempotencyKey: key, ...request } = parseExactly(resolvePayoutInput, input, 'resolution')
  const scope = `${context.actor}:payouts.resolve`
  const resolved = await onceIfKeyed(context, { scope, key, request }, async (tx) => {
    const { payout } = await holdPayout(tx, request.payout)
    if (payout.status !== 'UNKNOWN') {
      const what = `the payout ${payout.id} is ${payout.status}: evidence is for what is UNKNOWN`
      throw new Fault('WRONG_STATE', what, { field: 'payout' })
    }
    const { outcome, evidence } = request
    await resolve(context, tx, { payout, outcome, evidence })
    return payout.id
  })
  return requirePayout(context.database.reads, resolved)
}

type Resolving = { readonly payout: Payout } & Pick<z.output<typeof resolvePayoutInput>, 'outcome' | 'evidence'>

async function resolve(context: Context, tx: Transaction, { payout, outcome, evidence }: Resolving): Promise<void> {
  const agreed = payout.finding?.outcome === outcome ? payout.finding : undefined
  if (agreed !== undefined) requireSecondPerson(context, agreed.by)
  await movePayouts(context, tx, { payouts: [payout], event: { event: 'FOUND', outcome, evidence } })
  if (agreed === undefined) return
  if (outcome === 'EXECUTED') {
    return movePayouts(context, tx, { payouts: [await requirePayout(tx, payout.id)], event: { event: 'SENT' } })
  }
  const at = context.clock.now()
  await rejectPayout(context, tx, { payout: payout.id, at, reason: 'the bank did not execute it' })
}
