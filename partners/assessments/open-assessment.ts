import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { movePartner } from '../move-partner.ts'
import type { PartnerStatus } from '../partner.ts'
import { requirePartner } from '../store/partners.ts'
import type { Assessment } from './assessment.ts'
import { keepAssessment } from './keep-assessment.ts'
import { requireAssessment } from './require-assessment.ts'
import { RUBRIC_VERSION } from './rubric.ts'

const openAssessmentInput = z.strictObject({ partner: lineOfText(60), idempotencyKey: z.string() })

/** The partner by id or code. */
export type OpenAssessmentInput = z.input<typeof openAssessmentInput>

const ASSESSED: readonly PartnerStatus[] = ['APPLIED', 'ASSESSING', 'SANDBOX', 'LIVE', 'SUSPENDED']

/**
 * Opens an assessment; one that applied is `ASSESSING` from then on. Others are assessed anew as they are. Throws `NOT_FOUND`,
 * `WRONG_STATE` when one is open already or the partner has left, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of
 * the staff acts. Source: ADR 0041.
 */
export async function openAssessment(context: Context, input: OpenAssessmentInput): Promise<Assessment> {
  requireStaff(context)
  const { idempotencyKey: key, ...request } = parseWith(openAssessmentInput, input, 'assessment')
  const { answer } = await once(context, { scope: `${context.actor}:assessments.open`, key, request }, (tx) =>
    openIn(context, tx, request.partner),
  )
  return requireAssessment(context.database.reads, answer)
}

async function openIn(context: Context, tx: Transaction, named: string): Promise<Id<'asm'>> {
  const partner = await requirePartner(tx, named)
  if (!ASSESSED.includes(partner.status)) {
    throw new Fault('WRONG_STATE', `partner ${partner.code} is ${partner.status}: it is not assessed any more`)
  }
  if (partner.status === 'APPLIED')
    await movePartner(context, tx, { partner, to: 'ASSESSING', reason: 'an assessment began' })
  const { id } = await keepAssessment(context, tx, {
    ...{ id: newId('asm'), partner: partner.id, status: 'OPEN', rubric: RUBRIC_VERSION, assessors: [context.actor] },
    ...{
      approvers: [],
      scores: [],
      reason: undefined,
      expiresAt: undefined,
      version: 1,
      changedAt: context.clock.now(),
    },
  })
  return id
}
