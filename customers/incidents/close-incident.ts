import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requireStaff } from '../../kernel/require-staff.ts'
import { once } from '../../records/once.ts'
import { changeIncident, requireOpenIncident } from './change-incident.ts'
import { requireIncident } from './find-incident.ts'
import type { Incident } from './incident.ts'

const LONGEST_REPORT = 10_000

const closeIncidentInput = z.strictObject({
  incident: z.string().max(60),
  /** What happened, what was done, what follows; it names no customer. */
  report: z
    .string()
    .trim()
    .min(1, 'it is empty')
    .max(LONGEST_REPORT)
    .refine((text) => text.isWellFormed() && !/[^\P{Cc}\n\t]/u.test(text), 'it has characters that no text has'),
  /** Why the regulator or the customers were not told, where they were not. */
  notTold: lineOfText(500).optional(),
  idempotencyKey: z.string(),
})

export type CloseIncidentInput = z.input<typeof closeIncidentInput>

/**
 * Closes an incident with a report, for good. Throws `NOT_READY` while measures are under way, or the regulator or touched
 * customers were not told and no reason says why; `INVALID_INPUT`, `NOT_FOUND`, `WRONG_STATE` for one that is closed,
 * `IDEMPOTENCY_CONFLICT`, and `FORBIDDEN` unless a member of the staff acts.
 */
export async function closeIncident(context: Context, input: CloseIncidentInput): Promise<Incident> {
  const actor = requireStaff(context)
  const { idempotencyKey: key, ...request } = parseWith(closeIncidentInput, input, 'closing')
  await once(context, { scope: `${actor}:incidents.close`, key, request }, async (tx) => {
    const incident = await requireOpenIncident(tx, request.incident)
    refuseUnready(incident, request.notTold)
    const { report, notTold } = request
    const told = { event: 'CLOSED', report, notTold } as const
    await changeIncident(context, tx, { incident: incident.id, change: incident.version + 1, told })
    return null
  })
  return requireIncident(context, request.incident)
}

function refuseUnready({ id, measuresLeft, customers, ...incident }: Incident, notTold: string | undefined): void {
  const lacking = [
    ...(measuresLeft.length > 0 ? [`${measuresLeft.join(', ')} under way`] : []),
    ...(incident.regulatorToldAt === undefined && notTold === undefined ? ['the regulator was not told'] : []),
    ...(customers > 0 && incident.customersToldAt === undefined && notTold === undefined
      ? ['its customers were not told']
      : []),
  ]
  if (lacking.length > 0) throw new Fault('NOT_READY', `incident ${id} cannot be closed: ${lacking.join('; ')}`)
}
