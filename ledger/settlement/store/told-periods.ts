import type { Fragment } from 'postgres'
import type { Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { type Id, uuidOf } from '../../../kernel/ids.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { ChecklistCode } from '../checklist-code.ts'
import type { Period } from '../period.ts'
import type { LookedBack } from '../period-run.ts'

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
  /** Who locked it, and what was acknowledged; absent where that was not asked yet. */
  readonly decided: { readonly by: Actor; readonly acknowledged: readonly ChecklistCode[] } | undefined
}

/** Locks periods as their records tell it, whether their rows are there or not. */
export async function keepLocked(tx: Transaction, locked: readonly ToldLock[]): Promise<void> {
  if (locked.length === 0) return
  await tx`
    insert into periods (id, programme_id, month, starts_at, ends_at, status, run, facts_cut, cut_at, locked_at, record_id,
      not_accruing, uncorrected, locked_by, acknowledged)
    select p.id, p.programme_id, p.month, p.starts_at, p.ends_at, 'LOCKED', p.run, p.facts_cut::pg_snapshot, p.cut_at,
      p.locked_at, p.record_id, p.not_accruing, p.uncorrected, p.locked_by, p.acknowledged
    from ${toldPeriods(tx, locked)}
    on conflict (programme_id, month) do update set status = excluded.status, run = excluded.run,
      facts_cut = excluded.facts_cut, cut_at = excluded.cut_at, locked_at = excluded.locked_at,
      record_id = excluded.record_id, not_accruing = excluded.not_accruing, uncorrected = excluded.uncorrected,
      locked_by = excluded.locked_by, acknowledged = excluded.acknowledged`
}

/** That a period was closed, as its record tells it. */
export type ToldClose = { readonly period: Id<'per'>; readonly record: AppendedRecord }

/** Closes a locked period; says whether there was one. */
export async function keepClosed(tx: Transaction, { period, record }: ToldClose): Promise<boolean> {
  const rows = await tx`
    update periods set status = 'CLOSED', closed_at = ${record.at.toISOString()}, closing_record_id = ${uuidOf(record.id)}
    where id = ${uuidOf(period)} and status = 'LOCKED'`
  return rows.count === 1
}

function toldPeriods(tx: Transaction, periods: readonly (ToldPeriod | ToldLock)[]): Fragment {
  return tx`jsonb_to_recordset(${JSON.stringify(periods.map(rowOf))}::jsonb) as p (id uuid, programme_id uuid, month text,
    starts_at timestamptz, ends_at timestamptz, run integer, facts_cut text, cut_at timestamptz, locked_at timestamptz,
    record_id uuid, not_accruing uuid[], uncorrected text[], locked_by text,
    acknowledged text[])`
}

function rowOf(period: ToldPeriod | ToldLock): object {
  const { id, programme, month, startsAt, endsAt } = period
  const span = { starts_at: startsAt.toISOString(), ends_at: endsAt.toISOString() }
  const told = { id: uuidOf(id), programme_id: uuidOf(programme), month, ...span }
  if (!('record' in period)) return told
  const { run, factsCut, cutAt, lockedAt, record, lookedBack, decided } = period
  const times = { cut_at: cutAt.toISOString(), locked_at: lockedAt.toISOString() }
  const seen = lookedBack && {
    not_accruing: lookedBack.notAccruing.map(uuidOf),
    uncorrected: lookedBack.uncorrected,
  }
  const whose = decided && { locked_by: decided.by, acknowledged: decided.acknowledged }
  return { ...told, run, facts_cut: factsCut, ...times, record_id: uuidOf(record), ...seen, ...whose }
}
