import type { Reader, Transaction } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { AcknowledgeableExit } from '../exit-item.ts'
import type { ExitStep, Offboarding, OffboardingStatus } from '../offboarding.ts'

type Row = {
  readonly id: string
  readonly partner_id: string
  readonly status: OffboardingStatus
  readonly exit_at: Date
  readonly reason: string
  readonly planned_by: string
  readonly planned_at: Date
  readonly steps: readonly { readonly step: ExitStep; readonly count: number; readonly at: string }[]
  readonly acknowledged: readonly AcknowledgeableExit[]
  readonly version: number
  readonly changed_at: Date
  readonly record_id: string
}

/** The last exit of a partner, also one that was called off. */
export async function selectOffboarding(sql: Reader, partner: Id<'ptr'>): Promise<Offboarding | undefined> {
  const [row] = await sql<Row[]>`
    select * from offboardings where partner_id = ${uuidOf(partner)} order by id desc limit 1`
  return row && offboardingOf(row)
}

/** Makes those who plan the exit of one partner take turns until their transactions end. */
export async function lockExit(tx: Transaction, partner: Id<'ptr'>): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`exit:${partner}`}, 0))`
}

/** The exit of a partner that was not called off, held until the transaction ends. Throws `NOT_FOUND`. */
export async function holdOffboarding(tx: Transaction, partner: Id<'ptr'>): Promise<Offboarding> {
  const [row] = await tx<Row[]>`
    select * from offboardings where partner_id = ${uuidOf(partner)} and status <> 'CANCELLED' for update`
  if (row === undefined) throw new Fault('NOT_FOUND', 'no exit of this partner is planned', { field: 'partner' })
  return offboardingOf(row)
}

/** Exits whose date has come and that are not closed, the first first. */
export async function selectDueOffboardings(sql: Reader, now: Date): Promise<readonly Offboarding[]> {
  const rows = await sql<Row[]>`
    select * from offboardings
    where status in ('PLANNED', 'UNDER_WAY') and exit_at <= ${now.toISOString()}::timestamptz order by exit_at, id`
  return rows.map(offboardingOf)
}

/** Writes a version, unless a later one stands there. */
export async function upsertOffboarding(tx: Transaction, said: Offboarding): Promise<void> {
  const { id, partner, status, exitAt, reason, plannedBy, plannedAt, steps, acknowledged, version, changedAt, record } =
    said
  await tx`
    insert into offboardings as o
      (id, partner_id, status, exit_at, reason, planned_by, planned_at, steps, acknowledged, version, changed_at, record_id)
    values (${uuidOf(id)}, ${uuidOf(partner)}, ${status}, ${exitAt.toISOString()}, ${reason}, ${plannedBy},
      ${plannedAt.toISOString()}, ${JSON.stringify(steps)}::text::jsonb, ${[...acknowledged]}::text[], ${version}, ${changedAt.toISOString()},
      ${uuidOf(record)})
    on conflict on constraint offboardings_pkey do update
      set status = excluded.status, exit_at = excluded.exit_at, reason = excluded.reason, steps = excluded.steps,
          acknowledged = excluded.acknowledged, version = excluded.version, changed_at = excluded.changed_at,
          record_id = excluded.record_id
      where o.version < excluded.version`
}

function offboardingOf(row: Row): Offboarding {
  return {
    ...{ id: idOf('ofb', row.id), partner: idOf('ptr', row.partner_id), status: row.status, exitAt: row.exit_at },
    ...{ reason: row.reason, plannedBy: row.planned_by, plannedAt: row.planned_at, acknowledged: row.acknowledged },
    steps: row.steps.map(({ at, ...step }) => ({ ...step, at: new Date(at) })),
    ...{ version: row.version, changedAt: row.changed_at, record: idOf('rec', row.record_id) },
  }
}
