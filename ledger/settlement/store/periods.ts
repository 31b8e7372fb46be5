import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Month } from '../../../kernel/month.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { Period, PeriodStatus } from '../period.ts'

type PeriodRow = {
  readonly id: string
  readonly programme_id: string
  readonly month: Month
  readonly starts_at: Date
  readonly ends_at: Date
  readonly status: PeriodStatus
  readonly cut_at: Date | null
  readonly locked_at: Date | null
  readonly record_id: string | null
}

type PeriodName = { readonly programme: Id<'prg'>; readonly month: Month }

/** The period of a programme's month, if its closing was ever tried. */
export async function selectPeriod(sql: Reader, { programme, month }: PeriodName): Promise<Period | undefined> {
  const [row] = await sql<PeriodRow[]>`
    select ${columns(sql)} from periods p where p.programme_id = ${uuidOf(programme)} and p.month = ${month}`
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
    select ${columns(sql)} from periods p where p.programme_id = ${uuidOf(programme)}
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
    select ${columns(tx)} from periods p
    where p.programme_id = ${uuidOf(programme)} and p.month = ${month} for update`
  if (row === undefined) throw new Fault('NOT_FOUND', `there is no period ${month}`)
  return periodOf(row)
}

/** Begins a calculation: what an earlier one left is superseded. Returns the number of the run. */
export async function startRun(
  tx: Transaction,
  { period, factsCut, cutAt }: { readonly period: Id<'per'>; readonly factsCut: string; readonly cutAt: Date },
): Promise<number> {
  await tx`
    update statements set status = 'SUPERSEDED' where period_id = ${uuidOf(period)} and status = 'DRAFT'`
  const [row] = await tx<{ run: number }[]>`
    update periods set status = 'CALCULATING', run = run + 1, facts_cut = ${factsCut}::pg_snapshot,
      cut_at = ${cutAt.toISOString()}
    where id = ${uuidOf(period)} returning run`
  return row?.run ?? 0
}

/** A calculation of a period: its number tells it from those that were cut off. */
export type Run = { readonly period: Id<'per'>; readonly run: number }

/**
 * Holds the period in the state that this run is in until the transaction ends.
 * Throws `WRONG_STATE` when another run has begun since, or the period went on without this one.
 */
export async function holdRun(tx: Transaction, { period, run }: Run, status: PeriodStatus): Promise<void> {
  const rows = await tx`
    select from periods where id = ${uuidOf(period)} and run = ${run} and status = ${status} for no key update`
  if (rows.length !== 1) throw new Fault('WRONG_STATE', `the period ${period} was taken over by another calculation`)
}

/** Marks the drafts of a run as complete. */
export async function finishRun(tx: Transaction, { period, run }: Run): Promise<void> {
  await tx`update periods set status = 'REVIEW' where id = ${uuidOf(period)} and run = ${run}`
}

/** What later closings have to know: who did not accrue, and of which locked months something waits for one of those. */
export type LookedBack = { readonly notAccruing: readonly Id<'agr'>[]; readonly uncorrected: readonly Month[] }

/** Locks a period for good. */
export async function lockRun(
  tx: Transaction,
  {
    period,
    run,
    lockedAt,
    record,
    notAccruing,
    uncorrected,
  }: Run & LookedBack & { readonly lockedAt: Date; readonly record: Id<'rec'> },
): Promise<Period> {
  const [row] = await tx<PeriodRow[]>`
    update periods p set status = 'LOCKED', locked_at = ${lockedAt.toISOString()}, record_id = ${uuidOf(record)},
      not_accruing = ${notAccruing.map(uuidOf)}::text[]::uuid[], uncorrected = ${[...uncorrected]}::text[]
    where p.id = ${uuidOf(period)} and p.run = ${run} and p.status = 'REVIEW' returning ${columns(tx)}`
  if (row === undefined) throw new Fault('WRONG_STATE', `the period ${period} cannot be locked by this calculation`)
  return periodOf(row)
}

/** A period as the records of its statements tell it. */
export type ToldPeriod = Pick<Period, 'id' | 'programme' | 'month' | 'startsAt' | 'endsAt'>

/** Makes the rows of periods unless they are there: open, until their own records say that they are locked. */
export async function keepPeriods(tx: Transaction, periods: readonly ToldPeriod[]): Promise<void> {
  if (periods.length === 0) return
  await tx`
    insert into periods (id, programme_id, month, starts_at, ends_at)
    select p.id, p.programme_id, p.month, p.starts_at, p.ends_at from ${toldPeriods(tx, periods)}
    on conflict (programme_id, month) do nothing`
}

/** A period as its own record tells it. */
export type ToldLock = ToldPeriod & {
  readonly run: number
  readonly factsCut: string
  readonly cutAt: Date
  readonly lockedAt: Date
  readonly record: Id<'rec'>
  readonly lookedBack: LookedBack | undefined
}

/** Locks periods as their records tell it, whether their rows are there or not. */
export async function keepLocked(tx: Transaction, locked: readonly ToldLock[]): Promise<void> {
  if (locked.length === 0) return
  await tx`
    insert into periods (id, programme_id, month, starts_at, ends_at, status, run, facts_cut, cut_at, locked_at, record_id,
      not_accruing, uncorrected)
    select p.id, p.programme_id, p.month, p.starts_at, p.ends_at, 'LOCKED', p.run, p.facts_cut::pg_snapshot, p.cut_at,
      p.locked_at, p.record_id, p.not_accruing, p.uncorrected
    from ${toldPeriods(tx, locked)}
    on conflict (programme_id, month) do update set status = excluded.status, run = excluded.run,
      facts_cut = excluded.facts_cut, cut_at = excluded.cut_at, locked_at = excluded.locked_at,
      record_id = excluded.record_id, not_accruing = excluded.not_accruing, uncorrected = excluded.uncorrected`
}

function toldPeriods(tx: Transaction, periods: readonly (ToldPeriod | ToldLock)[]): Fragment {
  return tx`jsonb_to_recordset(${JSON.stringify(periods.map(rowOf))}::jsonb) as p (id uuid, programme_id uuid, month text,
    starts_at timestamptz, ends_at timestamptz, run integer, facts_cut text, cut_at timestamptz, locked_at timestamptz,
    record_id uuid, not_accruing uuid[], uncorrected text[])`
}

function rowOf(period: ToldPeriod | ToldLock): object {
  const { id, programme, month, startsAt, endsAt } = period
  const span = { starts_at: startsAt.toISOString(), ends_at: endsAt.toISOString() }
  const told = { id: uuidOf(id), programme_id: uuidOf(programme), month, ...span }
  if (!('record' in period)) return told
  const { run, factsCut, cutAt, lockedAt, record, lookedBack } = period
  const times = { cut_at: cutAt.toISOString(), locked_at: lockedAt.toISOString() }
  const seen = lookedBack && {
    not_accruing: lookedBack.notAccruing.map(uuidOf),
    uncorrected: lookedBack.uncorrected,
  }
  return { ...told, run, facts_cut: factsCut, ...times, record_id: uuidOf(record), ...seen }
}

function columns(sql: Reader): Fragment {
  return sql`p.id, p.programme_id, p.month, p.starts_at, p.ends_at, p.status, p.cut_at, p.locked_at, p.record_id`
}

function periodOf(row: PeriodRow): Period {
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
  }
}
