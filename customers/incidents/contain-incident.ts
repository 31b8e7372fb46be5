import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { changeIncident, requireOpenIncident } from './change-incident.ts'
import type { ContainmentPorts } from './containment-ports.ts'
import { requireIncident } from './find-incident.ts'
import { type Incident, MEASURES } from './incident.ts'
import { takeMeasure } from './take-measure.ts'

const containIncidentInput = z.strictObject({
  incident: z.string().max(60),
  measures: z
    .array(z.enum(MEASURES))
    .min(1)
    .refine((measures) => new Set(measures).size === measures.length, 'a measure is named twice')
    .refine(
      (measures) => !(measures.includes('SUSPEND_CONSENTS') && measures.includes('REVOKE_CONSENTS')),
      'consents are suspended or revoked, not both',
    ),
  /** Why; the partner reads it. */
  reason: lineOfText(300),
  idempotencyKey: z.string(),
})

export type ContainIncidentInput = z.input<typeof containIncidentInput>

/**
 * Contains an incident in one step: orders the measures, with a record, and takes those at once that stop its partners. When
 * it returns, suspended partners and revoked clients are refused at their next request, on every process. What is left (keys,
 * consents) any worker takes up, also after whoever began was killed. Throws `INVALID_INPUT`, `NOT_FOUND`, `WRONG_STATE` for
 * one that is closed, `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function containIncident(
  context: Context,
  input: ContainIncidentInput,
  ports: ContainmentPorts,
): Promise<Incident> {
  const actor = requireStaff(context)
  const { idempotencyKey: key, ...request } = parseWith(containIncidentInput, input, 'containment')
  await once(context, { scope: `${actor}:incidents.contain`, key, request }, async (tx) => {
    const incident = await requireOpenIncident(tx, request.incident)
    const { measures, reason } = request
    if (measures.includes('REVOKE_CONSENTS') && incident.measuresLeft.includes('SUSPEND_CONSENTS')) {
      throw new Fault('WRONG_STATE', `the consents of incident ${incident.id} are still being suspended`)
    }
    const told = { event: 'CONTAINING', measures, reason } as const
    await changeIncident(context, tx, { incident: incident.id, change: incident.version + 1, told })
    return null
  })
  for (const measure of ['SUSPEND_PARTNERS', 'REVOKE_CLIENTS'] as const) {
    const incident = await requireIncident(context, request.incident)
    if (incident.measuresLeft.includes(measure)) await takeMeasure(context, { incident, measure }, ports)
  }
  return requireIncident(context, request.incident)
}
