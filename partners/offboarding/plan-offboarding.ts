import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { newId } from '../../kernel/ids.ts'
import { instant } from '../../kernel/instant.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { requirePartner } from '../store/partners.ts'
import { mayBecome } from '../transitions.ts'
import { keepOffboarding } from './keep-offboarding.ts'
import type { Offboarding } from './offboarding.ts'
import { requireOffboarding } from './require-offboarding.ts'
import { lockExit, selectOffboarding } from './store/offboardings.ts'

const planOffboardingInput = z.strictObject({
  /** By code or id. */
  partner: lineOfText(60),
  exitAt: instant,
  /** Why; the partner reads it. */
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type PlanOffboardingInput = z.input<typeof planOffboardingInput>

/**
 * Sets the date at which a partner leaves; until then all stays as it is. Throws `NOT_FOUND`, `INVALID_INPUT` for a date that is
 * past, `WRONG_STATE` unless the partner is live or suspended and has no exit yet, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless
 * a member of the staff acts. Source: ADR 0047.
 */
export async function planOffboarding(context: Context, input: PlanOffboardingInput): Promise<Offboarding> {
  requireStaff(context)
  const { idempotencyKey: key, exitAt, ...named } = parseWith(planOffboardingInput, input, 'exit')
  const request = { ...named, exitAt: exitAt.toISOString() }
  await once(context, { scope: `${context.actor}:offboardings.plan`, key, request }, async (tx) => {
    await plan(context, tx, { ...named, exitAt })
    return null
  })
  return requireOffboarding(context, named.partner)
}

type Wanted = { readonly partner: string; readonly exitAt: Date; readonly reason: string }

async function plan(context: Context, tx: Transaction, { partner: named, exitAt, reason }: Wanted): Promise<void> {
  const { id: partner, code, status } = await requirePartner(tx, named)
  if (!mayBecome(status, 'OFFBOARDING')) {
    throw new Fault('WRONG_STATE', `partner ${code} is ${status}: only one that is LIVE or SUSPENDED leaves`)
  }
  if (exitAt < context.clock.now()) {
    throw new Fault('INVALID_INPUT', 'exitAt: it is past; the exit begins now at the earliest', { field: 'exitAt' })
  }
  await lockExit(tx, partner)
  const standing = await selectOffboarding(tx, partner)
  if (standing !== undefined && standing.status !== 'CANCELLED') {
    throw new Fault('WRONG_STATE', `partner ${code} leaves at ${standing.exitAt.toISOString()} already`)
  }
  await keepOffboarding(context, tx, {
    ...{ id: newId('ofb'), partner, status: 'PLANNED', exitAt, reason, plannedBy: context.actor },
    plannedAt: context.clock.now(),
    ...{ steps: [], acknowledged: [], version: 1 },
  })
}
