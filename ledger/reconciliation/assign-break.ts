import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { parseExactly } from '../agreements/parse-exactly.ts'
import { actOnBreak } from './act-on-break.ts'
import type { BankBreak } from './bank-break.ts'
import { moveBreak } from './move-break.ts'

const assignBreakInput = z.strictObject({
  break: z.string().max(60),
  /** A member of the staff, `staff:alice`; nobody when absent. */
  owner: z
    .string()
    .max(100)
    .regex(/^staff:[^\s\p{Cc}]{1,90}$/u, 'it is no member of the staff such as staff:alice')
    .nullish(),
  idempotencyKey: z.string(),
})

export type AssignBreakInput = z.input<typeof assignBreakInput>

/**
 * Says who looks after a break. Throws `NOT_FOUND`, `INVALID_INPUT`, `WRONG_STATE` for one that is resolved,
 * `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function assignBreak(context: Context, input: AssignBreakInput): Promise<BankBreak> {
  const { owner: given, ...which } = parseExactly(assignBreakInput, input, 'assignment')
  const owner = given ?? undefined
  return actOnBreak(context, { ...which, verb: 'assign', request: { owner } }, (tx, { found }) =>
    moveBreak(context, tx, found, { event: 'ASSIGNED', owner }),
  )
}
