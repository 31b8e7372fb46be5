import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import type { PartnerCaller } from '../../kernel/caller.ts'
import { once } from '../../records/once.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { answererOf } from './answerer.ts'
import { closeDispute, closedDispute } from './close-dispute.ts'
import type { Dispute } from './dispute.ts'

const withdrawDisputeInput = z.strictObject({ dispute: z.string().max(60), idempotencyKey: z.string() })

export type WithdrawDisputeInput = z.input<typeof withdrawDisputeInput> & {
  /** The partner's client; without one, a member of the staff acts on the partner's behalf. */
  readonly caller?: PartnerCaller | undefined
}

/**
 * Withdraws an open dispute: what it held can be paid, and the statement is accepted when no other one is open. Throws
 * `NOT_FOUND` (another partner's, too), `WRONG_STATE` for one that is closed, `INVALID_INPUT`, `IDEMPOTENCY_CONFLICT`, and
 * `FORBIDDEN`. Source: ADR 0021.
 */
export async function withdrawDispute(context: Context, { caller, ...input }: WithdrawDisputeInput): Promise<Dispute> {
  const { partner, scope } = answererOf(context, caller)
  const { idempotencyKey: key, dispute } = parseExactly(withdrawDisputeInput, input, 'withdrawal')
  const { answer } = await once(context, { scope: `${scope}:disputes.withdraw`, key, request: { dispute } }, (tx) =>
    closeDispute(context, tx, { dispute, partner }, async () => ({
      status: 'WITHDRAWN',
      answer: undefined,
      adjustment: undefined,
    })),
  )
  return closedDispute(context, answer)
}
