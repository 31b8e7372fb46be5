import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainIncidentInput } from '../../../customers/incidents/contain-incident.ts'
import type { Incident } from '../../../customers/incidents/incident.ts'
import type { Context } from '../../../database/context.ts'
import { openProgress } from '../progress.ts'

/** How long to wait for consents that somebody else holds. */
const PAUSE_MS = 200

/** Contains an incident until nothing is left, beside the workers, under a bar. */
export async function containToTheEnd(context: Context, input: ContainIncidentInput): Promise<Incident> {
  const { containIncident } = await import('../../../customers/incidents/contain-incident.ts')
  const { takeNextMeasure } = await import('../../../customers/incidents/continue-containment.ts')
  const { requireIncident } = await import('../../../customers/incidents/find-incident.ts')
  const { containment } = await import('../../containment.ts')
  const bar = openProgress('contain')
  try {
    let incident = await containIncident(context, input, containment)
    for (let done = 0; incident.measuresLeft.length > 0; incident = await requireIncident(context, incident.id)) {
      const more = await takeNextMeasure(context, incident, containment)
      done += more
      bar.show(done, Math.max(done, incident.customers), incident.measuresLeft.join(' ').toLowerCase())
      if (more === 0) await sleep(PAUSE_MS)
    }
    return incident
  } finally {
    bar.end()
  }
}
