import { incidentStatus } from '../../customers/incidents/incident-status.ts'
import type { Context } from '../../database/context.ts'

/** Warns once of each deadline of an incident that has passed without anybody being told. */
export function incidentWatch(context: Context): () => Promise<number> {
  let known: ReadonlySet<string> = new Set()
  return async () => {
    const { overdue } = await incidentStatus(context)
    const late = new Set(overdue.map(({ incident, audience }) => `${incident} ${audience}`))
    for (const each of overdue) {
      if (known.has(`${each.incident} ${each.audience}`)) continue
      context.log.warn(each, 'somebody should have been told of an incident by now')
    }
    known = late
    return 0
  }
}
