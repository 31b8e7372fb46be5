import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { Incident } from './incident.ts'
import { type IncidentChange, incidentRecord } from './incident-record.ts'
import { holdIncident } from './store/incidents.ts'
import { writeChange } from './store/write-incidents.ts'

/** Holds an open incident until the transaction ends. Throws `NOT_FOUND`, and `WRONG_STATE` for one that is closed. */
export async function requireOpenIncident(tx: Transaction, id: string): Promise<Incident> {
  const incident = isId('icd', id) ? await holdIncident(tx, id) : undefined
  if (incident === undefined) throw new Fault('NOT_FOUND', 'there is no such incident', { field: 'incident' })
  if (incident.status === 'CLOSED') throw new Fault('WRONG_STATE', `incident ${incident.id} is closed`)
  return incident
}

/** Changes an incident that is held, or opens one: its record, its row, and the step. */
export async function changeIncident(
  context: Context,
  tx: Transaction,
  { incident, change, told }: { readonly incident: Id<'icd'>; readonly change: number; readonly told: IncidentChange },
): Promise<void> {
  const fact = incidentRecord(incident, change, told)
  const [record] = await appendRecords(context, tx, [fact])
  invariant(record, 'a record was appended')
  const act = { by: context.actor, record, detail: detailOf(canonicalJson(fact.data)) }
  const written = await writeChange(tx, { incident, change }, told, act)
  invariant(written, 'an incident that is held changes by one record after the other')
}

/** What the record says, as who reads the record has it. Safe because an object was written. */
function detailOf(text: string): Readonly<Record<string, unknown>> {
  return JSON.parse(text) as Readonly<Record<string, unknown>>
}
