import type { Fragment } from 'postgres'
import type { Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { IncidentScope, Touched } from '../incident.ts'
import { levelOf } from '../incident-level.ts'
import type { IncidentChange } from '../incident-record.ts'

/** The record of a change: by whom it was made, when, and what it says. */
export type IncidentAct = {
  readonly by: Actor
  readonly record: { readonly id: Id<'rec'>; readonly at: Date }
  readonly detail: Readonly<Record<string, unknown>>
}

/** Which change of which incident. */
type Place = { readonly incident: Id<'icd'>; readonly change: number }

/** Writes a change of an incident and its step; says whether it was the next one. The first makes the row. */
export async function writeChange(
  tx: Transaction,
  place: Place,
  told: IncidentChange,
  act: IncidentAct,
): Promise<boolean> {
  if (told.event === 'OPENED') await insertIncident(tx, place.incident, told, act)
  else if (!(await updateIncident(tx, place, setOf(tx, told, act), act))) return false
  const { by, record, detail } = act
  await tx`
    insert into incident_events (incident_id, change, event, at, by, detail, record_id)
    values (${uuidOf(place.incident)}, ${place.change}, ${told.event}, ${record.at.toISOString()}, ${by},
            ${JSON.stringify(detail)}::text::jsonb, ${uuidOf(record.id)})`
  return true
}

type Opened = Extract<IncidentChange, { readonly event: 'OPENED' }>

async function insertIncident(
  tx: Transaction,
  id: Id<'icd'>,
  told: Opened,
  { by, record }: IncidentAct,
): Promise<void> {
  const { title, alert, discoveredAt, scope, touched } = told
  const row = {
    ...{ id: uuidOf(id), title, alert_id: alert === undefined ? null : uuidOf(alert), discovered_at: discoveredAt },
    ...{ opened_at: record.at, opened_by: by, ...scopeRow(scope, touched, record.at), record_id: uuidOf(record.id) },
  }
  await tx`insert into incidents ${tx(row)}`
}

async function updateIncident(
  tx: Transaction,
  { incident, change }: Place,
  set: Fragment,
  { record }: IncidentAct,
): Promise<boolean> {
  const changed = await tx`
    update incidents set ${set}, version = ${change}, record_id = ${uuidOf(record.id)}
    where id = ${uuidOf(incident)} and version = ${change - 1} returning id`
  return changed.length === 1
}

function setOf(tx: Transaction, told: Exclude<IncidentChange, Opened>, { by, record }: IncidentAct): Fragment {
  const at = record.at.toISOString()
  switch (told.event) {
    case 'SCOPED': {
      const row = scopeRow(told.scope, told.touched, record.at)
      return tx`
        partners = ${row.partners}::text[]::uuid[], clients = ${row.clients}::text[]::uuid[],
        consents = ${row.consents}::text[]::uuid[], span_from = ${row.span_from}, span_to = ${row.span_to},
        level = ${row.level}, customers = ${row.customers}, disclosures = ${row.disclosures}, counted_at = ${row.counted_at}`
    }
    case 'CONTAINING':
      return tx`
        contain_by = ${by}, contain_reason = ${told.reason}, contained_at = null,
        measures_left = array(select m from unnest(${[...told.measures]}::text[]) as m
          where not m = any (measures_left)) || measures_left,
        measures = measures || array(select m from unnest(${[...told.measures]}::text[]) as m where not m = any (measures))`
    case 'STEP_DONE':
      return tx`
        measures_left = array_remove(measures_left, ${told.measure}),
        contained_at = case when measures_left = array[${told.measure}] then ${at}::timestamptz end`
    case 'NOTIFIED': {
      const toldAt = told.toldAt.toISOString()
      if (told.audience === 'REGULATOR') return tx`regulator_told_at = least(regulator_told_at, ${toldAt}::timestamptz)`
      if (told.audience === 'CUSTOMERS') return tx`customers_told_at = least(customers_told_at, ${toldAt}::timestamptz)`
      return tx`status = status`
    }
    case 'CLOSED':
      return tx`
        status = 'CLOSED', closed_at = ${at}::timestamptz, closed_by = ${by}, report = ${told.report},
        not_told = ${told.notTold ?? null}`
    default:
      return told satisfies never
  }
}

function scopeRow({ partners, clients, consents, from, to }: IncidentScope, touched: Touched, countedAt: Date) {
  return {
    ...{ partners: partners.map(uuidOf), clients: clients.map(uuidOf), consents: consents.map(uuidOf) },
    ...{ span_from: from, span_to: to, level: levelOf(touched.customers), customers: touched.customers },
    ...{ disclosures: touched.disclosures, counted_at: countedAt },
  }
}
