import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { ALERT_RESOLUTIONS, type Alert } from './alert.ts'
import { changeAlert } from './change-alert.ts'
import { findAlert } from './find-alert.ts'
import { requireOpenAlert } from './held-alert.ts'
import { LOWERED_FOR, type QuotaPorts } from './quota-ports.ts'
import { otherQuotaEnd } from './store/alerts.ts'

const closeAlertInput = z.strictObject({
  alert: z.string().max(60),
  resolution: z.enum(ALERT_RESOLUTIONS),
  /** Why; for us alone. */
  reason: lineOfText(500),
  idempotencyKey: z.string(),
})

export type CloseAlertInput = z.input<typeof closeAlertInput>

/**
 * Closes an alert for a reason, for good. The partner has its quota back at once, unless another open alert holds it down, or
 * it was an `INCIDENT`: then the quota stays low until its time is over. Throws `INVALID_INPUT`, `NOT_FOUND`, `WRONG_STATE`
 * for one that is closed, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function closeAlert(context: Context, input: CloseAlertInput, quotas: QuotaPorts): Promise<Alert> {
  const actor = requireStaff(context)
  const { idempotencyKey: key, ...request } = parseWith(closeAlertInput, input, 'closing')
  await once(context, { scope: `${actor}:alerts.close`, key, request }, async (tx) => {
    const alert = await requireOpenAlert(tx, request.alert)
    const { resolution, reason } = request
    const told = { event: 'CLOSED', resolution, reason } as const
    await changeAlert(context, tx, { alert: alert.id, change: alert.version + 1, told })
    if (resolution !== 'INCIDENT') await giveBack(context, tx, alert, quotas)
    return null
  })
  const closed = await findAlert(context, request.alert)
  invariant(closed, 'an alert that was closed is there')
  return closed
}

async function giveBack(context: Context, tx: Transaction, alert: Alert, quotas: QuotaPorts): Promise<void> {
  const { id, partner, quota } = alert
  if (quota === undefined) return
  const other = await otherQuotaEnd(tx, alert)
  if (other !== undefined && other > context.clock.now()) return
  const reason = `what was unusual has been looked at (${id})`
  await quotas.restoreQuota(context, tx, { partner, loweredFor: LOWERED_FOR, reason })
}
