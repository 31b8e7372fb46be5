import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { newId } from '../../kernel/ids.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import type { Alert } from '../alarms/alert.ts'
import { findAlert } from '../alarms/find-alert.ts'
import { instant } from '../consent-input.ts'
import { changeIncident } from './change-incident.ts'
import { requireIncident } from './find-incident.ts'
import type { Incident, IncidentScope } from './incident.ts'
import { scopeInput, scopeOf, touchedBy } from './scope-input.ts'

const openIncidentInput = z.strictObject({
  /** What it is; it names no customer. */
  title: lineOfText(200),
  alert: z.string().max(60).optional(),
  discoveredAt: instant.optional(),
  ...scopeInput,
  idempotencyKey: z.string(),
})

export type OpenIncidentInput = z.input<typeof openIncidentInput>

/**
 * Opens an incident, by hand or from an alert, which then says what is not said: the partner, from when, until now, and that
 * it was discovered when the alert opened. Its level follows from the disclosures that the scope touches, and its deadlines
 * from the level. Throws `INVALID_INPUT`, `NOT_FOUND` (alert, partner), `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member
 * of the staff acts.
 */
export async function openIncident(context: Context, input: OpenIncidentInput): Promise<Incident> {
  const actor = requireStaff(context)
  const { idempotencyKey: key, ...parsed } = parseWith(openIncidentInput, input, 'incident')
  const alert = parsed.alert === undefined ? undefined : await requireAlert(context, parsed.alert)
  const now = context.clock.now()
  const scope = await scopeOf(context.database.reads, parsed, { to: now, ...(alert && scopeOfAlert(alert, now)) })
  const discoveredAt = parsed.discoveredAt ?? alert?.openedAt ?? now
  if (discoveredAt > now) throw new Fault('INVALID_INPUT', 'discoveredAt: it is not yet', { field: 'discoveredAt' })
  const touched = await touchedBy(context, scope)
  const { title } = parsed
  const told = { event: 'OPENED', title, alert: alert?.id, discoveredAt, scope, touched } as const
  const { answer } = await once(
    context,
    { scope: `${actor}:incidents.open`, key, request: requestOf(parsed) },
    async (tx) => {
      const incident = newId('icd')
      await changeIncident(context, tx, { incident, change: 1, told })
      return incident
    },
  )
  return requireIncident(context, answer)
}

async function requireAlert(context: Context, id: string): Promise<Alert> {
  const alert = await findAlert(context, id)
  if (alert === undefined) throw new Fault('NOT_FOUND', 'there is no such alert', { field: 'alert' })
  return alert
}

/** Reads may have gone on after the alert was told of last. */
function scopeOfAlert({ partner, from, to }: Alert, now: Date): Partial<IncidentScope> {
  return { partners: [partner], from, to: to > now ? to : now }
}

function requestOf({ discoveredAt, from, to, ...rest }: Omit<z.output<typeof openIncidentInput>, 'idempotencyKey'>) {
  return {
    ...rest,
    ...{ discoveredAt: discoveredAt?.toISOString(), from: from?.toISOString(), to: to?.toISOString() },
  }
}
