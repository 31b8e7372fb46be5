import type { Context } from '../../database/context.ts'
import { changeIncident } from './change-incident.ts'
import type { ContainmentPorts } from './containment-ports.ts'
import type { Incident, Measure } from './incident.ts'
import { moveTouchedConsents } from './move-touched-consents.ts'
import { holdIncident } from './store/incidents.ts'
import { countTouchedConsents } from './store/touched.ts'

/** What was done of a measure, and whether nothing of it is left. */
type Taken = { readonly done: number; readonly isOver: boolean; readonly count: number }

/**
 * Does the next piece of a measure, and records when nothing of it is left; says how much it did. What was done already is
 * done again without harm, so whoever goes on after a process was killed begins where it stood.
 */
export async function takeMeasure(
  context: Context,
  { incident, measure }: { readonly incident: Incident; readonly measure: Measure },
  ports: ContainmentPorts,
): Promise<number> {
  const { done, isOver, count } = await pieceOf(context, incident, measure, ports)
  if (isOver) await recordDone(context, incident, { measure, count })
  return done
}

async function pieceOf(
  context: Context,
  incident: Incident,
  measure: Measure,
  { suspendPartner, revokeClients, rotateKeys }: ContainmentPorts,
): Promise<Taken> {
  const { id, scope, contain } = incident
  const reason = `${contain?.reason} (${id})`
  let count = 0
  switch (measure) {
    case 'SUSPEND_PARTNERS':
      for (const partner of scope.partners) if (await suspendPartner(context, { partner, reason })) count++
      return { done: count, isOver: true, count }
    case 'REVOKE_CLIENTS':
      for (const partner of scope.partners) {
        count += await revokeClients(context, { partner, clients: scope.clients, reason })
      }
      return { done: count, isOver: true, count }
    case 'ROTATE_KEYS':
      if (rotateKeys === undefined) return { done: 0, isOver: false, count: 0 }
      await rotateKeys(context)
      return { done: 1, isOver: true, count: 1 }
    case 'SUSPEND_CONSENTS':
    case 'REVOKE_CONSENTS': {
      const to = measure === 'SUSPEND_CONSENTS' ? 'SUSPENDED' : 'REVOKED'
      const { moved, left } = await moveTouchedConsents(context, { incident, to, reason })
      const isOver = left === 0
      const all = isOver ? await countTouchedConsents(context.database.reads, scope, to) : 0
      return { done: moved, isOver, count: all }
    }
    default:
      return measure satisfies never
  }
}

/** Once, whoever else did the last piece at the same moment. */
async function recordDone(
  context: Context,
  { id }: Incident,
  { measure, count }: { readonly measure: Measure; readonly count: number },
): Promise<void> {
  await context.database.transaction(async (tx) => {
    const incident = await holdIncident(tx, id)
    if (incident === undefined || !incident.measuresLeft.includes(measure)) return
    const told = { event: 'STEP_DONE', measure, count } as const
    await changeIncident(context, tx, { incident: id, change: incident.version + 1, told })
  })
}
