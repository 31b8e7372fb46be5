import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { isId, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { believable, parseDecimal } from '../../kernel/money.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { hasLeft, selectAgreement } from '../agreements/store/agreements.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import type { Adjustment } from './adjustment.ts'
import type { ProposedAdjustment } from './adjustment-record.ts'
import { keepProposal } from './keep-proposal.ts'
import { selectAdjustment } from './store/adjustments.ts'

const proposeAdjustmentInput = z.strictObject({
  /** Id of the agreement; it may have ended. */
  agreement: z.string().max(60),
  /** A decimal in the programme's asset, `-12.50`; not zero. */
  amount: z.string().max(60),
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type ProposeAdjustmentInput = z.input<typeof proposeAdjustmentInput>

/**
 * Proposes to give an agreement some money by hand, or to take it. Nothing moves before another person approves it; the
 * statement of the next month that is closed then has it, as a rule of the kind `MANUAL_ADJUSTMENT`. Throws `NOT_FOUND`
 * (agreement), `WRONG_STATE` for a partner that has left, `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts. Source: ADR 0018.
 */
export async function proposeAdjustment(context: Context, input: ProposeAdjustmentInput): Promise<Adjustment> {
  requireStaff(context)
  const { idempotencyKey: key, ...request } = parseExactly(proposeAdjustmentInput, input, 'adjustment')
  const proposed = await proposalOf(context, request)
  const { answer } = await once(context, { scope: `${context.actor}:adjustments.propose`, key, request }, (tx) =>
    keepProposal(context, tx, proposed),
  )
  const adjustment = await selectAdjustment(context.database.reads, answer)
  invariant(adjustment, 'an adjustment that was proposed is there')
  return adjustment
}

async function proposalOf(
  { database: { reads } }: Context,
  { agreement: named, amount, reason }: Omit<z.output<typeof proposeAdjustmentInput>, 'idempotencyKey'>,
): Promise<ProposedAdjustment> {
  const agreement = isId('agr', named) ? await selectAgreement(reads, named) : undefined
  if (agreement === undefined) throw new Fault('NOT_FOUND', 'there is no such agreement', { field: 'agreement' })
  if (await hasLeft(reads, agreement.partner)) {
    throw new Fault('WRONG_STATE', `${agreement.partnerCode} has left: nothing is settled with it any more`, {
      field: 'agreement',
    })
  }
  const { id: programme, asset } = await requireProgramme(reads, agreement.programme)
  const minor = minorOf(amount, asset)
  return { id: newId('adj'), agreement: agreement.id, programme, partner: agreement.partner, asset, minor, reason }
}

function minorOf(amount: string, asset: Adjustment['asset']): bigint {
  const minor = believable(parseDecimal(amount, asset), 'amount')
  if (minor === 0n) throw new Fault('INVALID_INPUT', 'amount: an adjustment of nothing is none', { field: 'amount' })
  return minor
}
