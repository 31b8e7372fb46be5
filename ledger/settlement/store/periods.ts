import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Month } from '../../../kernel/month.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { ChecklistCode } from '../checklist-code.ts'
import type { Period, PeriodStatus } from '../period.ts'

/** A row of `periods` as `columnsOfPeriod` selects it. */
export type PeriodRow = {
  readonly id: string
  readonly programme_id: string
  readonly month: Month
  readonly starts_at: Date
  readonly ends_at: Date
  readonly status: PeriodStatus
  readonly cut_at: Date | null
  readonly locked_at: Date | null
  readonly record_id: string | null
  readonly locked_by: Actor | null
  readonly acknowledged: readonly ChecklistCode[] | null
  readonly closed_at: Date | null
}

type PeriodName = { readonly programme: Id<'prg'>; readonly month: Month }

/** The period of a programme's month, if its closing was ever tried. */
export async function selectPeriod(sql: Reader, { programme, month }: PeriodName): Promise<Period | undefined> {
  const [row] = await sql<PeriodRow[]>`
    select ${columnsOfPeriod(sql)} from periods p where p.programme_id = ${uuidOf(programme)} and p.month = ${month}`
  return row && periodOf(row)
}

/** Up to one more than the page holds, in the page's direction, by month. */
export async function selectPeriods(
  sql: Reader,
  programme: Id<'prg'>,
  { cursor, direction, limit }: Page,
): Promise<readonly Period[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<PeriodRow[]>`
    select ${columnsOfPeriod(sql)} from periods p where p.programme_id = ${uuidOf(programme)}
      ${from === undefined ? sql`` : forward ? sql`and p.month > ${from}` : sql`and p.month < ${from}`}
    order by p.month ${forward ? sql`asc` : sql`desc`} limit ${limit + 1}`
  return rows.map(periodOf)
}

/** The last month of a programme that is locked. */
export async function selectLastLocked(sql: Reader, programme: Id<'prg'>): Promise<Month | undefined> {
  const [row] = await sql<{ month: Month }[]>`
    select p.month from periods p where p.programme_id = ${uuidOf(programme)} and p.locked_at is not null
    order by p.month desc limit 1`
  return row?.month
}

/** Makes the row of a period unless it is there, and holds it until the transaction ends. */
export async function holdPeriod(
  tx: Transaction,
  { id, programme, month, startsAt, endsAt }: Pick<Period, 'id' | 'programme' | 'month' | 'startsAt' | 'endsAt'>,
): Promise<Period> {
  await tx`
    insert into periods (id, programme_id, month, starts_at, ends_at)
    values (${uuidOf(id)}, ${uuidOf(programme)}, ${month}, ${startsAt.toISOString()}, ${endsAt.toISOString()})
    on conflict on constraint periods_month_key do nothing`
  const [row] = await tx<PeriodRow[]>`
    select ${columnsOfPeriod(tx)} from periods p
    where p.programme_id = ${uuidOf(programme)} and p.month = ${month} for update`
  if (row === undefined) throw new Fault('NOT_FOUND', `there is no period ${month}`)
  return periodOf(row)
}

/** A period that is locked, held until the transaction ends. */
export async function holdLocked(tx: Transaction, period: Id<'per'>): Promise<Period> {
  const [row] = await tx<PeriodRow[]>`
    select ${columnsOfPeriod(tx)} from periods p where p.id = ${uuidOf(period)} and p.locked_at is not null
    for no key update`
  if (row === undefined) throw new Fault('WRONG_STATE', `the period ${period} is not locked`)
  return periodOf(row)
}

/** The transactions whose facts the last calculation of a period counted, as PostgreSQL writes a snapshot. */
export async function selectFactsCut(sql: Reader, period: Id<'per'>): Promise<string | undefined> {
  const [row] = await sql<{ facts_cut: string | null }[]>`
    select p.facts_cut::text as facts_cut from periods p where p.id = ${uuidOf(period)}`
  return row?.facts_cut ?? undefined
}

/** Columns of `periods p`. */
export function columnsOfPeriod(sql: Reader): Fragment {
  return sql`p.id, p.programme_id, p.month, p.starts_at, p.ends_at, p.status, p.cut_at, p.locked_at, p.record_id,
    p.locked_by, p.acknowledged, p.closed_at`
}

/** The period that a row is of. */
export function periodOf(row: PeriodRow): Period {
  return {
    id: idOf('per', row.id),
    programme: idOf('prg', row.programme_id),
    month: row.month,
    startsAt: row.starts_at,
    endsAt: row.ends_at,
    status: row.status,
    cutAt: row.cut_at ?? undefined,
    lockedAt: row.locked_at ?? undefined,
    record: row.record_id === null ? undefined : idOf('rec', row.record_id),
    lockedBy: row.locked_by ?? undefined,
    acknowledged: row.acknowledged ?? [],
    closedAt: row.closed_at ?? undefined,
  }
}
