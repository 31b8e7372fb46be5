import type { Context } from '../../database/context.ts'
import { isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Incident, IncidentEvent } from './incident.ts'
import { selectEvents, selectIncident } from './store/incidents.ts'

/** The incident with this id, or nothing. */
export async function findIncident({ database: { reads } }: Context, id: string): Promise<Incident | undefined> {
  return isId('icd', id) ? selectIncident(reads, id) : undefined
}

/** An incident that is there. */
export async function requireIncident(context: Context, id: string): Promise<Incident> {
  const incident = await findIncident(context, id)
  invariant(incident, 'an incident that was changed is there')
  return incident
}

/** Everything that was found, done and told of an incident, in its order, up to a thousand steps. */
export async function timelineOf({ database: { reads } }: Context, id: string): Promise<readonly IncidentEvent[]> {
  return isId('icd', id) ? selectEvents(reads, id) : []
}
