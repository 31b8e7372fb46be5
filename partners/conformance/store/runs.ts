import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import { invariant } from '../../../kernel/invariant.ts'
import type { ConformanceCheck } from '../conformance-check.ts'
import type { ConformanceRun, ConformanceStatus } from '../conformance-run.ts'

const MOST_LISTED = 100
const MOST_OPEN = 200

type Row = {
  readonly id: string
  readonly partner_id: string
  readonly status: ConformanceStatus
  readonly started_by: string
  readonly started_at: Date
  readonly expires_at: Date
  readonly ended_at: Date | null
  readonly counts_until: Date | null
  readonly report: readonly (Omit<ConformanceCheck, 'at'> & { readonly at?: string })[]
  readonly version: number
  readonly record_id: string
}

/** The run with this id, or nothing. */
export async function selectRun(sql: Reader, id: Id<'cfr'>): Promise<ConformanceRun | undefined> {
  const [row] = await sql<Row[]>`select * from conformance_runs where id = ${uuidOf(id)}`
  return row && runOf(row)
}

/** A partner's runs, the last started first. */
export async function selectRuns(sql: Reader, partner: Id<'ptr'>): Promise<readonly ConformanceRun[]> {
  const rows = await sql<Row[]>`
    select * from conformance_runs where partner_id = ${uuidOf(partner)} order by id desc limit ${MOST_LISTED}`
  return rows.map(runOf)
}

/** Runs that are open, the first started first, as many as one turn goes on with. */
export async function selectOpenRuns(sql: Reader): Promise<readonly ConformanceRun[]> {
  const rows = await sql<Row[]>`select * from conformance_runs where status = 'OPEN' order by id limit ${MOST_OPEN}`
  return rows.map(runOf)
}

/** Holds a partner's runs until the transaction ends: nobody else starts or ends one. The open one, if there is one. */
export async function holdOpenRun(tx: Transaction, partner: Id<'ptr'>): Promise<ConformanceRun | undefined> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`conformance:${partner}`}, 0))`
  const [row] = await tx<Row[]>`
    select * from conformance_runs where partner_id = ${uuidOf(partner)} and status = 'OPEN'`
  return row && runOf(row)
}

/** The database's time, so many seconds after it, and twelve months after it. */
export async function timesOfRun(
  tx: Transaction,
  seconds: number,
): Promise<{ readonly now: Date; readonly later: Date; readonly inTwelveMonths: Date }> {
  const [row] = await tx<{ now: Date; later: Date; in_twelve_months: Date }[]>`
    select t.now, t.now + make_interval(secs => ${seconds}) as later, t.now + interval '12 months' as in_twelve_months
    from (select date_trunc('milliseconds', clock_timestamp()) as now) t`
  invariant(row, 'the database tells the time')
  const { now, later, in_twelve_months: inTwelveMonths } = row
  return { now, later, inTwelveMonths }
}

/** Whether a partner applied and has no passed run that counts now, by the database's clock. */
export async function lacksConformance(sql: Reader, partner: Id<'ptr'>): Promise<boolean> {
  const id = uuidOf(partner)
  const [row] = await sql<{ lacks: boolean }[]>`
    select exists (select from partner_applications where partner_id = ${id}) and not exists (
      select from conformance_runs
      where partner_id = ${id} and status = 'PASSED' and counts_until > clock_timestamp()) as lacks`
  return row?.lacks !== false
}

/** Writes a version, unless a later one stands there. */
export async function upsertRun(tx: Transaction, run: ConformanceRun): Promise<void> {
  const { id, partner, status, startedBy, startedAt, expiresAt, endedAt, countsUntil, checks, version, record } = run
  await tx`
    insert into conformance_runs as r
      (id, partner_id, status, started_by, started_at, expires_at, ended_at, counts_until, report, version, record_id)
    values (${uuidOf(id)}, ${uuidOf(partner)}, ${status}, ${startedBy}, ${startedAt.toISOString()},
      ${expiresAt.toISOString()}, ${endedAt?.toISOString() ?? null}, ${countsUntil?.toISOString() ?? null},
      ${JSON.stringify(checks)}::text::jsonb, ${version}, ${uuidOf(record)})
    on conflict on constraint conformance_runs_pkey do update
      set status = excluded.status, ended_at = excluded.ended_at, counts_until = excluded.counts_until,
          report = excluded.report, version = excluded.version, record_id = excluded.record_id
      where r.version < excluded.version`
}

function runOf(row: Row): ConformanceRun {
  return {
    ...{ id: idOf('cfr', row.id), partner: idOf('ptr', row.partner_id), status: row.status },
    ...{ startedBy: row.started_by, startedAt: row.started_at, expiresAt: row.expires_at },
    ...{ endedAt: row.ended_at ?? undefined, countsUntil: row.counts_until ?? undefined },
    checks: row.report.map(({ at, ...check }) => ({ ...check, at: at === undefined ? undefined : new Date(at) })),
    ...{ version: row.version, record: idOf('rec', row.record_id) },
  }
}
