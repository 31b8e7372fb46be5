import { type Command, Option } from 'commander'
import { INCIDENT_STATUSES, type IncidentEvent, type IncidentStatus } from '../../../customers/incidents/incident.ts'
import { Fault } from '../../../kernel/fault.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'
import { incidentRow, toldIncident } from './told.ts'

/** `incident list`, `incident show`. */
export function addIncidentLooks(incident: Command): void {
  incident
    .command('list')
    .addOption(new Option('--status <status>', 'in this status alone').choices(INCIDENT_STATUSES))
    .description('incidents, the last opened first, up to a hundred')
    .action(({ status }: { status?: IncidentStatus }, command: Command) =>
      act(command, async (context) => {
        const { listIncidents } = await import('../../../customers/incidents/list-incidents.ts')
        const { edges } = await listIncidents(context, { status, page: { first: 100 } })
        const incidents = edges.map(({ node }) => node)
        return { result: incidents, rows: incidents.map(incidentRow) }
      }),
    )
  incident
    .command('show')
    .argument('<id>', 'icd_…')
    .description('its timeline: everything that was found, done and told')
    .action((id: string, _options: object, command: Command) =>
      act(command, async (context) => {
        const { findIncident, timelineOf } = await import('../../../customers/incidents/find-incident.ts')
        const found = await findIncident(context, id)
        if (found === undefined) throw new Fault('NOT_FOUND', 'there is no such incident')
        const timeline = await timelineOf(context, id)
        const { result } = toldIncident(found)
        return { result: { ...(result as object), timeline }, rows: timeline.map(stepRow) }
      }),
    )
}

function stepRow({ at, event, by, detail }: IncidentEvent): Row {
  const { version: _, incident: __, change: ___, event: ____, ...said } = detail
  return { at: at.toISOString(), event, by, detail: JSON.stringify(said) }
}
