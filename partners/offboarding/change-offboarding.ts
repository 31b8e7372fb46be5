import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import type { CanonicalValue } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import { instant } from '../../kernel/instant.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { requirePartner } from '../store/partners.ts'
import { keepOffboarding } from './keep-offboarding.ts'
import type { Offboarding } from './offboarding.ts'
import { requireOffboarding } from './require-offboarding.ts'
import { holdOffboarding } from './store/offboardings.ts'

const change = { partner: lineOfText(60), reason: lineOfText(300), idempotencyKey: z.string() }
const postponeInput = z.strictObject({ ...change, exitAt: instant })
const cancelInput = z.strictObject(change)

/** The partner by id or code, the new date, and why: the partner reads it. */
export type PostponeOffboardingInput = z.input<typeof postponeInput>
/** The partner by id or code, and why: the partner reads it. */
export type CancelOffboardingInput = z.input<typeof cancelInput>

/**
 * Gives an exit that has not begun another date. Throws `NOT_FOUND`, `INVALID_INPUT` for a date that is past, `WRONG_STATE` once
 * it has begun, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function postponeOffboarding(context: Context, input: PostponeOffboardingInput): Promise<Offboarding> {
  const { exitAt, ...asked } = parseWith(postponeInput, input, 'exit')
  if (exitAt < context.clock.now()) throw new Fault('INVALID_INPUT', 'exitAt: it is past', { field: 'exitAt' })
  const { partner, reason } = asked
  const request = { partner, reason, exitAt: exitAt.toISOString() }
  return changePlan(context, { name: 'postpone', ...asked, request, to: { exitAt, reason } })
}

/**
 * Calls off an exit that has not begun; another one may be planned. Throws `NOT_FOUND`, `WRONG_STATE` once it has begun,
 * `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function cancelOffboarding(context: Context, input: CancelOffboardingInput): Promise<Offboarding> {
  const asked = parseWith(cancelInput, input, 'exit')
  const { partner, reason } = asked
  const to = { status: 'CANCELLED', reason } as const
  return changePlan(context, { name: 'cancel', ...asked, request: { partner, reason }, to })
}

type PlanChange = {
  readonly name: string
  readonly partner: string
  readonly idempotencyKey: string
  readonly request: CanonicalValue
  readonly to: Partial<Pick<Offboarding, 'status' | 'exitAt' | 'reason'>>
}

async function changePlan(context: Context, { name, partner, idempotencyKey: key, request, to }: PlanChange) {
  requireStaff(context)
  await once(context, { scope: `${context.actor}:offboardings.${name}`, key, request }, async (tx) => {
    const { id, code } = await requirePartner(tx, partner)
    const { record: _, changedAt: __, ...held } = await holdOffboarding(tx, id)
    if (held.status !== 'PLANNED') {
      throw new Fault('WRONG_STATE', `the exit of partner ${code} is ${held.status}: its date stands`)
    }
    await keepOffboarding(context, tx, { ...held, ...to, version: held.version + 1 })
    return null
  })
  return requireOffboarding(context, partner)
}
