import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { Alert, AlertKind, AlertSpan, AlertStatus, Resolution } from '../alert.ts'

type Row = {
  readonly id: string
  readonly partner_id: string
  readonly kind: AlertKind
  readonly status: AlertStatus
  readonly opened_at: Date
  readonly span: AlertSpan
  readonly span_from: Date
  readonly span_to: Date
  readonly measured: number
  readonly expected: number
  readonly allowed: number
  readonly clients: readonly string[]
  readonly raised_at: Date
  readonly quota_permille: number | null
  readonly quota_until: Date | null
  readonly assignee: Actor | null
  readonly closed_at: Date | null
  readonly closed_by: Actor | null
  readonly resolution: Resolution | null
  readonly reason: string | null
  readonly version: number
}

export async function selectAlert(sql: Reader, id: Id<'alr'>): Promise<Alert | undefined> {
  const [row] = await sql<Row[]>`select ${columns(sql)} from alerts where id = ${uuidOf(id)}`
  return row && alertOf(row)
}

/** Holds an alert until the transaction ends. */
export async function holdAlert(tx: Transaction, id: Id<'alr'>): Promise<Alert | undefined> {
  const [row] = await tx<Row[]>`select ${columns(tx)} from alerts where id = ${uuidOf(id)} for update`
  return row && alertOf(row)
}

/** Holds the last alert of this kind for a partner until the transaction ends. */
export async function holdLast(tx: Transaction, partner: Id<'ptr'>, kind: AlertKind): Promise<Alert | undefined> {
  const [row] = await tx<Row[]>`
    select ${columns(tx)} from alerts where partner_id = ${uuidOf(partner)} and kind = ${kind}
    order by id desc limit 1 for update`
  return row && alertOf(row)
}

/** The latest time until which another open alert keeps the partner's quota low. */
export async function otherQuotaEnd(sql: Reader, { id, partner }: Alert): Promise<Date | undefined> {
  const [row] = await sql<{ until: Date | null }[]>`
    select max(quota_until) as until from alerts
    where partner_id = ${uuidOf(partner)} and status = 'OPEN' and id <> ${uuidOf(id)}`
  return row?.until ?? undefined
}

/** Which alerts a list holds; absent means all. */
export type AlertFilter = {
  readonly partner?: Id<'ptr'> | undefined
  readonly status?: AlertStatus | undefined
}

/** Up to one more than the page holds, in the page's direction; the last opened first. */
export async function selectAlerts(
  sql: Reader,
  { partner, status }: AlertFilter,
  { cursor, direction, limit }: Page,
): Promise<readonly Alert[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    select ${columns(sql)} from alerts
    where true
      ${partner === undefined ? sql`` : sql`and partner_id = ${uuidOf(partner)}`}
      ${status === undefined ? sql`` : sql`and status = ${status}`}
      ${from === undefined ? sql`` : forward ? sql`and id < ${from}::uuid` : sql`and id > ${from}::uuid`}
    order by id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(alertOf)
}

/** How many alerts are open, how many of them are nobody's, and for how long the oldest has been. */
export async function countOpen(
  sql: Reader,
): Promise<{ readonly open: number; readonly unassigned: number; readonly oldestAt: Date | undefined }> {
  const [row] = await sql<{ open: number; unassigned: number; oldest: Date | null }[]>`
    select count(*)::int as open, count(*) filter (where assignee is null)::int as unassigned, min(opened_at) as oldest
    from alerts where status = 'OPEN'`
  return { open: row?.open ?? 0, unassigned: row?.unassigned ?? 0, oldestAt: row?.oldest ?? undefined }
}

function columns(sql: Reader): Fragment {
  return sql`id, partner_id, kind, status, opened_at, span, span_from, span_to, measured, expected, allowed, clients, raised_at,
    quota_permille, quota_until, assignee, closed_at, closed_by, resolution, reason, version`
}

function alertOf(row: Row): Alert {
  const { quota_permille: permille, quota_until: until, closed_at: at, closed_by: by, resolution, reason } = row
  return {
    id: idOf('alr', row.id),
    partner: idOf('ptr', row.partner_id),
    kind: row.kind,
    status: row.status,
    openedAt: row.opened_at,
    span: row.span,
    from: row.span_from,
    to: row.span_to,
    measured: row.measured,
    expected: row.expected,
    allowed: row.allowed,
    clients: row.clients.map((client) => idOf('cli', client)),
    raisedAt: row.raised_at,
    quota: permille === null || until === null ? undefined : { permille, until },
    assignee: row.assignee ?? undefined,
    closed: at && by && resolution && reason !== null ? { at, by, resolution, reason } : undefined,
    version: row.version,
  }
}
