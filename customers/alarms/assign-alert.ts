import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import type { Alert } from './alert.ts'
import { changeAlert } from './change-alert.ts'
import { findAlert } from './find-alert.ts'
import { requireOpenAlert } from './held-alert.ts'

const assignAlertInput = z.strictObject({
  alert: z.string().max(60),
  /** Name of a member of the staff. */
  to: z.string().regex(/^[\w.@+-]{1,100}$/, 'it is no name of a member of the staff'),
  idempotencyKey: z.string(),
})

export type AssignAlertInput = z.input<typeof assignAlertInput>

/**
 * Says who looks at an alert. Throws `INVALID_INPUT`, `NOT_FOUND`, `WRONG_STATE` for one that is closed,
 * `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function assignAlert(context: Context, input: AssignAlertInput): Promise<Alert> {
  const actor = requireStaff(context)
  const { idempotencyKey: key, ...request } = parseWith(assignAlertInput, input, 'assignment')
  await once(context, { scope: `${actor}:alerts.assign`, key, request }, async (tx) => {
    const { id, version } = await requireOpenAlert(tx, request.alert)
    const told = { event: 'ASSIGNED', to: `staff:${request.to}` } as const
    await changeAlert(context, tx, { alert: id, change: version + 1, told })
    return null
  })
  const assigned = await findAlert(context, request.alert)
  invariant(assigned, 'an alert that was assigned is there')
  return assigned
}
