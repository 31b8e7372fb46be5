import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { parseWith } from '../../kernel/parse.ts'
import type { Staff } from '../../kernel/require-staff.ts'
import { movePartner } from '../move-partner.ts'
import { requirePartner } from '../store/partners.ts'
import type { Assessment } from './assessment.ts'
import { type Change, refuseAssessor, stepAssessment } from './step-assessment.ts'

const approveAssessmentInput = z.strictObject({ assessment: z.string().max(60), idempotencyKey: z.string() })

export type ApproveAssessmentInput = z.input<typeof approveAssessmentInput>

/**
 * Approves what was proposed. The second person who does passes the partner for twelve months by the database's clock, and
 * takes one that is `ASSESSING` into the sandbox. Throws `FORBIDDEN` for whoever assessed or approved already, and unless a
 * member of the staff acts; `NOT_FOUND`, `INVALID_INPUT`, `WRONG_STATE` unless it is proposed, and `IDEMPOTENCY_CONFLICT`.
 */
export async function approveAssessment(context: Context, input: ApproveAssessmentInput): Promise<Assessment> {
  const { idempotencyKey, ...request } = parseWith(approveAssessmentInput, input, 'approval')
  return stepAssessment(context, {
    ...{ name: 'approve', ...request, idempotencyKey, request, from: ['PROPOSED'] },
    change: approvedBy,
    after: (tx, kept) => letIn(context, tx, kept),
  })
}

function approvedBy(held: Assessment, by: Staff, inTwelveMonths: Date): Change {
  refuseAssessor(held, by)
  if (held.approvers.includes(by))
    throw new Fault('FORBIDDEN', 'the second approval is by another person than the first')
  const approvers = [...held.approvers, by]
  return approvers.length < 2 ? { approvers } : { approvers, status: 'PASSED', expiresAt: inTwelveMonths }
}

async function letIn(context: Context, tx: Transaction, { status, partner: id }: Assessment): Promise<void> {
  if (status !== 'PASSED') return
  const partner = await requirePartner(tx, id)
  if (partner.status !== 'ASSESSING') return
  await movePartner(context, tx, { partner, to: 'SANDBOX', reason: 'passed its assessment' })
}
