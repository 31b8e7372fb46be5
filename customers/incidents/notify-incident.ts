import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { instant } from '../consent-input.ts'
import { changeIncident, requireOpenIncident } from './change-incident.ts'
import { requireIncident } from './find-incident.ts'
import { AUDIENCES, type Incident } from './incident.ts'

const notifyIncidentInput = z.strictObject({
  incident: z.string().max(60),
  audience: z.enum(AUDIENCES),
  /** Which office, or by which way; it names no customer. */
  to: lineOfText(200),
  /** Number of the filing, of the mailing. */
  reference: lineOfText(200).optional(),
  toldAt: instant.optional(),
  idempotencyKey: z.string(),
})

export type NotifyIncidentInput = z.input<typeof notifyIncidentInput>

/**
 * Records that somebody was told of an incident: who told is who acts, and when, to whom and under which reference is said.
 * The first time to an audience counts against its deadline. Throws `INVALID_INPUT` (a time ahead, or before the incident
 * was discovered), `NOT_FOUND`, `WRONG_STATE` for one that is closed, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of
 * the staff acts.
 */
export async function notifyIncident(context: Context, input: NotifyIncidentInput): Promise<Incident> {
  const actor = requireStaff(context)
  const { idempotencyKey: key, incident: named, ...parsed } = parseWith(notifyIncidentInput, input, 'notification')
  const request = { incident: named, ...parsed, toldAt: parsed.toldAt?.toISOString() }
  await once(context, { scope: `${actor}:incidents.notify`, key, request }, async (tx) => {
    const { id: incident, version, discoveredAt } = await requireOpenIncident(tx, named)
    const now = context.clock.now()
    const toldAt = parsed.toldAt ?? now
    if (toldAt > now || toldAt < discoveredAt) {
      throw new Fault('INVALID_INPUT', 'toldAt: it lies ahead, or before the discovery', { field: 'toldAt' })
    }
    await changeIncident(context, tx, { incident, change: version + 1, told: { event: 'NOTIFIED', ...parsed, toldAt } })
    return null
  })
  return requireIncident(context, named)
}
