import type { Incident } from '../../../customers/incidents/incident.ts'
import { tellingOf } from '../../../customers/incidents/incident-status.ts'
import type { Outcome } from '../act.ts'
import type { Row } from '../output.ts'

/** What a command says of an incident. */
export function toldIncident(incident: Incident): Outcome {
  return { result: { ...incident, ...tellingOf(incident, new Date()) }, rows: [incidentRow(incident)] }
}

/** An incident in a list. */
export function incidentRow(incident: Incident): Row {
  const { id, title, status, level, customers, measuresLeft, containedAt } = incident
  const { regulatorDue, customersDue, overdue } = tellingOf(incident, new Date())
  const contained = containedAt?.toISOString() ?? measuresLeft.join(' ')
  const due = { 'regulator by': regulatorDue.toISOString(), 'customers by': customersDue?.toISOString() }
  return { id, title, status, level, customers, ...due, overdue: overdue.join(' '), contained }
}
