import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { changeIncident, requireOpenIncident } from './change-incident.ts'
import { findIncident, requireIncident } from './find-incident.ts'
import type { Incident } from './incident.ts'
import { scopeInput, scopeOf, touchedBy } from './scope-input.ts'

const rescopeIncidentInput = z.strictObject({ incident: z.string().max(60), ...scopeInput, idempotencyKey: z.string() })

export type RescopeIncidentInput = z.input<typeof rescopeIncidentInput>

/**
 * Says anew what an incident touches (what is not said stays), and counts: the level may rise or fall, and the deadlines with
 * it. Throws `INVALID_INPUT`, `NOT_FOUND`, `WRONG_STATE` for one that is closed or was changed meanwhile,
 * `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function rescopeIncident(context: Context, input: RescopeIncidentInput): Promise<Incident> {
  const actor = requireStaff(context)
  const { idempotencyKey: key, ...parsed } = parseWith(rescopeIncidentInput, input, 'scope')
  const before = await findIncident(context, parsed.incident)
  if (before === undefined) throw new Fault('NOT_FOUND', 'there is no such incident', { field: 'incident' })
  const scope = await scopeOf(context.database.reads, parsed, before.scope)
  const touched = await touchedBy(context, scope)
  const request = { ...parsed, from: parsed.from?.toISOString(), to: parsed.to?.toISOString() }
  await once(context, { scope: `${actor}:incidents.rescope`, key, request }, async (tx) => {
    const { id: incident, version } = await requireOpenIncident(tx, parsed.incident)
    if (version !== before.version) throw new Fault('WRONG_STATE', `incident ${incident} was changed meanwhile`)
    await changeIncident(context, tx, { incident, change: version + 1, told: { event: 'SCOPED', scope, touched } })
    return null
  })
  return requireIncident(context, before.id)
}
