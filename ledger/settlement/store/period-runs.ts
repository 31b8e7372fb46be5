import type { Reader, Transaction } from '../../../database/client.ts'
import type { Actor } from '../../../kernel/actor.ts'
import { Fault } from '../../../kernel/fault.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Month } from '../../../kernel/month.ts'
import type { AppendedRecord } from '../../../records/append-records.ts'
import type { ChecklistCode } from '../checklist-code.ts'
import type { ClosingProgress } from '../closing-progress.ts'
import type { Period, PeriodStatus } from '../period.ts'
import type { LookedBack, OtherAssets, PeriodRun, Run, RunOutcome } from '../period-run.ts'
import { columnsOfPeriod, type PeriodRow, periodOf } from './periods.ts'

/** Who begins a calculation, and which transactions' facts it counts. */
export type NewRun = {
  readonly period: Id<'per'>
  readonly factsCut: string
  readonly cutAt: Date
  readonly by: Actor
}

/** Begins a calculation: what an earlier one left is superseded. Returns the number of the run. */
export async function startRun(tx: Transaction, { period, factsCut, cutAt, by }: NewRun): Promise<number> {
  const [id, at] = [uuidOf(period), cutAt.toISOString()]
  await tx`update statements set status = 'SUPERSEDED' where period_id = ${id} and status = 'DRAFT'`
  const [row] = await tx<{ run: number }[]>`
    update periods set status = 'CALCULATING', run = run + 1, facts_cut = ${factsCut}::pg_snapshot, cut_at = ${at}
    where id = ${id} returning run`
  const run = row?.run ?? 0
  await tx`
    insert into period_runs (period_id, run, started_by, started_at, told_at) values (${id}, ${run}, ${by}, ${at}, ${at})`
  return run
}

/**
 * Holds the period in the state that this run is in until the transaction ends.
 * Throws `WRONG_STATE` when another run has begun since, or the period went on without this one.
 */
export async function holdRun(tx: Transaction, { period, run }: Run, status: PeriodStatus): Promise<void> {
  const rows = await tx`
    select from periods where id = ${uuidOf(period)} and run = ${run} and status = ${status} for no key update`
  if (rows.length !== 1) throw new Fault('WRONG_STATE', `the period ${period} was taken over by another calculation`)
}

/** Tells how far a run is, unless it is done. */
export async function tellRun(
  tx: Transaction,
  { period, run }: Run,
  { step, facts, of, at }: ClosingProgress & { readonly at: Date },
): Promise<void> {
  await tx`
    update period_runs set step = ${step}, done = ${facts}, total = ${of ?? null}, told_at = ${at.toISOString()}
    where period_id = ${uuidOf(period)} and run = ${run} and finished_at is null`
}

/** Marks the drafts of a run as complete, and keeps what its lock has to know. */
export async function finishRun(
  tx: Transaction,
  { period, run }: Run,
  { facts, lateFacts, lookedBack, otherAssets, basis, at }: RunOutcome & { readonly at: Date },
): Promise<void> {
  const { notAccruing, uncorrected } = lookedBack
  await tx`
    update period_runs set step = 'LOCKING', done = ${facts}, total = ${facts}, told_at = ${at.toISOString()},
      finished_at = ${at.toISOString()}, facts = ${facts}, late_facts = ${lateFacts},
      not_accruing = ${notAccruing.map(uuidOf)}::text[]::uuid[], uncorrected = ${[...uncorrected]}::text[],
      other_assets = ${JSON.stringify(otherAssets)}::text::jsonb, basis = ${basis}
    where period_id = ${uuidOf(period)} and run = ${run}`
  await tx`update periods set status = 'REVIEW' where id = ${uuidOf(period)} and run = ${run}`
}

type RunRow = {
  readonly run: number
  readonly started_by: Actor
  readonly started_at: Date
  readonly step: ClosingProgress['step']
  readonly done: number
  readonly total: number | null
  readonly told_at: Date
  readonly facts: number | null
  readonly late_facts: number
  readonly not_accruing: readonly string[]
  readonly uncorrected: readonly Month[]
  readonly other_assets: OtherAssets
  readonly basis: string
}

/** The last calculation of a period; none where its log was taken over, or from before runs were kept. */
export async function selectLastRun(sql: Reader, period: Id<'per'>): Promise<PeriodRun | undefined> {
  const [row] = await sql<RunRow[]>`
    select r.run, r.started_by, r.started_at, r.step, r.done, r.total, r.told_at, r.facts, r.late_facts,
      r.not_accruing::text[] as not_accruing, r.uncorrected, r.other_assets, r.basis
    from periods p join period_runs r on r.period_id = p.id and r.run = p.run where p.id = ${uuidOf(period)}`
  return row && runOf(period, row)
}

function runOf(period: Id<'per'>, row: RunRow): PeriodRun {
  const { run, started_by: startedBy, started_at: startedAt, step, told_at: toldAt } = row
  const progress = { step, facts: row.done, of: row.total ?? undefined }
  return { period, run, startedBy, startedAt, progress, toldAt, outcome: outcomeOf(row) }
}

function outcomeOf(row: RunRow): RunOutcome | undefined {
  const { facts, late_facts: lateFacts, uncorrected, other_assets: otherAssets, basis } = row
  if (facts === null) return undefined
  const notAccruing = row.not_accruing.map((uuid) => idOf('agr', uuid))
  return { facts, lateFacts, lookedBack: { notAccruing, uncorrected }, otherAssets, basis }
}

/** A lock, as its record tells it. */
export type Locking = {
  readonly by: Actor
  readonly record: AppendedRecord
  readonly lookedBack: LookedBack
  readonly acknowledged: readonly ChecklistCode[]
}

/** Locks a period for good. */
export async function lockRun(
  tx: Transaction,
  { period, run }: Run,
  { by, record, lookedBack: { notAccruing, uncorrected }, acknowledged }: Locking,
): Promise<Period> {
  const [row] = await tx<PeriodRow[]>`
    update periods p set status = 'LOCKED', locked_at = ${record.at.toISOString()}, record_id = ${uuidOf(record.id)},
      not_accruing = ${notAccruing.map(uuidOf)}::text[]::uuid[], uncorrected = ${[...uncorrected]}::text[],
      locked_by = ${by}, acknowledged = ${[...acknowledged]}::text[]
    where p.id = ${uuidOf(period)} and p.run = ${run} and p.status = 'REVIEW' returning ${columnsOfPeriod(tx)}`
  if (row === undefined) throw new Fault('WRONG_STATE', `the period ${period} cannot be locked by this calculation`)
  return periodOf(row)
}
