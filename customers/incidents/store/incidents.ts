import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { Incident, IncidentEvent, IncidentStatus, Measure } from '../incident.ts'
import type { IncidentLevel } from '../incident-level.ts'

type Row = {
  readonly id: string
  readonly title: string
  readonly status: IncidentStatus
  readonly alert_id: string | null
  readonly opened_at: Date
  readonly opened_by: Actor
  readonly discovered_at: Date
  readonly partners: readonly string[]
  readonly clients: readonly string[]
  readonly consents: readonly string[]
  readonly span_from: Date
  readonly span_to: Date
  readonly level: IncidentLevel
  readonly customers: number
  readonly disclosures: string
  readonly counted_at: Date
  readonly measures: readonly Measure[]
  readonly measures_left: readonly Measure[]
  readonly contain_reason: string | null
  readonly contain_by: Actor | null
  readonly contained_at: Date | null
  readonly regulator_told_at: Date | null
  readonly customers_told_at: Date | null
  readonly closed_at: Date | null
  readonly closed_by: Actor | null
  readonly report: string | null
  readonly not_told: string | null
  readonly version: number
}

export async function selectIncident(sql: Reader, id: Id<'icd'>): Promise<Incident | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from incidents where id = ${uuidOf(id)}`
  return row && incidentOf(row)
}

/** Holds an incident until the transaction ends. */
export async function holdIncident(tx: Transaction, id: Id<'icd'>): Promise<Incident | undefined> {
  const [row] = await tx<Row[]>`select ${columns(tx)} from incidents where id = ${uuidOf(id)} for update`
  return row && incidentOf(row)
}

/** Up to one more than the page holds, in the page's direction; the last opened first. */
export async function selectIncidents(
  sql: Reader,
  status: IncidentStatus | undefined,
  { cursor, direction, limit }: Page,
): Promise<readonly Incident[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    select ${columns(sql)} from incidents
    where true
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${from === undefined ? sql`` : forward ? sql`and id < ${from}::uuid` : sql`and id > ${from}::uuid`}
    order by id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(incidentOf)
}

/** Those that are open, the first discovered first, up to a thousand. */
export async function selectOpenIncidents(sql: Reader): Promise<readonly Incident[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from incidents where status = 'OPEN' order by discovered_at, id limit 1000`
  return rows.map(incidentOf)
}

/** Everything that was found, done and told, in its order. */
export async function selectEvents(sql: Reader, id: Id<'icd'>): Promise<readonly IncidentEvent[]> {
  const rows = await sql<(Omit<IncidentEvent, 'record'> & { readonly record_id: string })[]>`
    select change, event, at, by, detail, record_id from incident_events where incident_id = ${uuidOf(id)}
    order by change limit 1000`
  return rows.map(({ record_id, ...row }) => ({ ...row, record: idOf('rec', record_id) }))
}

function columns(sql: Reader): Fragment {
  return sql`id, title, status, alert_id, opened_at, opened_by, discovered_at, partners, clients, consents, span_from, span_to,
    level, customers, disclosures, counted_at, measures, measures_left, contain_reason, contain_by, contained_at,
    regulator_told_at, customers_told_at, closed_at, closed_by, report, not_told, version`
}

function incidentOf(row: Row): Incident {
  const { contain_by, contain_reason, closed_at: at, closed_by: by, report } = row
  return {
    id: idOf('icd', row.id),
    title: row.title,
    status: row.status,
    alert: row.alert_id === null ? undefined : idOf('alr', row.alert_id),
    openedAt: row.opened_at,
    openedBy: row.opened_by,
    discoveredAt: row.discovered_at,
    scope: {
      partners: row.partners.map((id) => idOf('ptr', id)),
      clients: row.clients.map((id) => idOf('cli', id)),
      consents: row.consents.map((id) => idOf('cns', id)),
      from: row.span_from,
      to: row.span_to,
    },
    level: row.level,
    customers: row.customers,
    disclosures: Number(row.disclosures),
    countedAt: row.counted_at,
    measures: row.measures,
    measuresLeft: row.measures_left,
    contain: contain_by && contain_reason !== null ? { by: contain_by, reason: contain_reason } : undefined,
    containedAt: row.contained_at ?? undefined,
    regulatorToldAt: row.regulator_told_at ?? undefined,
    customersToldAt: row.customers_told_at ?? undefined,
    closed: at && by && report !== null ? { at, by, report, notTold: row.not_told ?? undefined } : undefined,
    version: row.version,
  }
}
