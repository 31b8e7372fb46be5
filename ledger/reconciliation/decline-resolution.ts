import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { actOnBreak } from './act-on-break.ts'
import type { BankBreak } from './bank-break.ts'
import { moveBreak } from './move-break.ts'

const declineResolutionInput = z.strictObject({
  break: z.string().max(60),
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type DeclineResolutionInput = z.input<typeof declineResolutionInput>

/**
 * Declines what is proposed for a break, or takes one's own proposal back; the break stays open. Throws `NOT_FOUND`,
 * `INVALID_INPUT`, `WRONG_STATE` (resolved; nothing proposed), `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the
 * staff acts.
 */
export async function declineResolution(context: Context, input: DeclineResolutionInput): Promise<BankBreak> {
  const { reason, ...which } = parseExactly(declineResolutionInput, input, 'decision')
  return actOnBreak(context, { ...which, verb: 'decline', request: { reason } }, async (tx, { found }) => {
    if (found.proposal === undefined) throw new Fault('WRONG_STATE', 'nothing is proposed for this break')
    await moveBreak(context, tx, found, { event: 'DECLINED', reason })
  })
}
