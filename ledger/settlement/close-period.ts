import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Actor } from '../../kernel/actor.ts'
import { Fault } from '../../kernel/fault.ts'
import { newId } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import { addMonths, type Month, monthOf, monthSpan, parseMonth } from '../../kernel/month.ts'
import type { Programme } from '../agreements/programme.ts'
import { agreementsOfProgramme } from '../agreements/store/agreements.ts'
import { requireProgramme } from '../agreements/store/programmes.ts'
import { countOtherAssets } from '../facts/store/other-assets.ts'
import { calculatePeriod } from './calculate-period.ts'
import type { OnClosingProgress } from './closing-progress.ts'
import { lockPeriod } from './lock-period.ts'
import type { Period } from './period.ts'
import { type ClosingTurn, withClosingTurn } from './store/closing-turn.ts'
import { holdPeriod, type Run, selectLastLocked, startRun } from './store/periods.ts'

export type ClosePeriodInput = {
  /** Code or id. */
  readonly programme: string
  /** A calendar month in the programme's time zone, `2026-01`. */
  readonly month: string
  /** Who closes; the context's actor unless given. */
  readonly actor?: Actor | undefined
  readonly onProgress?: OnClosingProgress | undefined
}

/** What closing a period did, and what it left alone. */
export type ClosedPeriod = {
  readonly period: Period
  readonly programme: Programme
  readonly statements: number
  /** Facts that were read. */
  readonly facts: number
  /** Sums over the statements, in minor units of the programme's asset. */
  readonly earned: bigint
  /** What corrections of locked months take back; not above zero. */
  readonly clawbacks: bigint
  readonly payout: bigint
  /** Points that its referrals gave, and earlier ones that came late. */
  readonly points: bigint
  /** Codes of members who do not accrue in their status (in the sandbox, suspended): they have no statement. */
  readonly notAccruing: readonly string[]
  /** Facts that came too late for a locked period, and refunds of events of one: this one's statements correct that. */
  readonly lateFacts: number
  /** Events left out because they are in another asset than the programme's: there is no silent exchange. */
  readonly otherAssets: readonly { readonly asset: Asset; readonly events: number }[]
}

/**
 * Closes a calendar month of a programme: calculates what each agreement earned, drafts the statements with their lines,
 * and then, in one transaction, issues them, posts the journal and locks the period (status `LOCKED`; `CLOSED` comes when
 * nothing is left to pay or dispute). Entries are dated at the last millisecond of the period and recorded now.
 *
 * The facts that count are those committed when this begins. A crash leaves the period `CALCULATING`: closing it again
 * starts over, and nothing is doubled. Months are closed in order, from the month of the programme's first agreement on,
 * each one: holdback and balances go from statement to statement. One process at a time closes periods of a programme.
 *
 * Throws `NOT_FOUND` (programme), `INVALID_INPUT` (month), `PERIOD_NOT_OVER`, and `WRONG_STATE` when the month is locked,
 * an earlier one is to be closed first, or another process is closing. Source: RULES §6.
 */
export async function closePeriod(context: Context, input: ClosePeriodInput): Promise<ClosedPeriod> {
  const acting: Context = input.actor === undefined ? context : { ...context, actor: input.actor }
  const programme = await requireProgramme(context.database.reads, input.programme)
  const month = parseMonth(input.month)
  refuseUnfinished(context, programme, month)
  return withClosingTurn(context.database, programme, (turn) => closeInTurn(acting, { programme, month, turn, input }))
}

function refuseUnfinished({ clock }: Context, { code, timeZone }: Programme, month: Month): void {
  const { to } = monthSpan(month, timeZone)
  if (clock.now() >= to) return
  throw new Fault('PERIOD_NOT_OVER', `${month} of ${code} ends at ${to.toISOString()}`, { field: 'month' })
}

type Closing = {
  readonly programme: Programme
  readonly month: Month
  readonly turn: ClosingTurn
  readonly input: ClosePeriodInput
}

async function closeInTurn(context: Context, { programme, month, turn, input }: Closing): Promise<ClosedPeriod> {
  const onProgress = input.onProgress ?? (() => {})
  const { period, run } = await begin(context, { programme, month, turn })
  const scope = { programme: programme.id, from: period.startsAt, to: period.endsAt }
  const otherAssets = await countOtherAssets(turn.facts, scope)
  const calculated = await calculatePeriod(context, { programme, period, run, turn, onProgress })
  const { facts, points, notAccruing, lateFacts, lookedBack } = calculated
  onProgress({ step: 'LOCKING', facts, of: facts })
  const locked = await lockPeriod(context, { programme, period, run, points, factsCut: turn.factsCut, lookedBack })
  const { statements } = locked
  return {
    period: locked.period,
    programme,
    statements: statements.length,
    facts,
    earned: statements.reduce((all, { earned }) => all + earned, 0n),
    clawbacks: statements.reduce((all, { clawbacks }) => all + clawbacks, 0n),
    payout: statements.reduce((all, { payout }) => all + payout, 0n),
    points: locked.points,
    notAccruing,
    lateFacts,
    otherAssets,
  }
}

/** Begins a run of the period whose turn it is. */
async function begin(
  context: Context,
  { programme, month, turn }: Omit<Closing, 'input'>,
): Promise<{ readonly period: Period; readonly run: Run }> {
  const { from, to } = monthSpan(month, programme.timeZone)
  const cutAt = context.clock.now()
  return context.database.transaction(async (tx) => {
    refuseOutOfOrder(programme, month, await nextMonth(tx, programme))
    const wanted = { id: newId('per'), programme: programme.id, month, startsAt: from, endsAt: to }
    const period = await holdPeriod(tx, wanted)
    const run = await startRun(tx, { period: period.id, factsCut: turn.factsCut, cutAt })
    return { period: { ...period, cutAt }, run: { period: period.id, run } }
  })
}

/** The month that is to be closed next: after the last locked one, or that of the first agreement. */
async function nextMonth(sql: Reader, programme: Programme): Promise<Month | undefined> {
  const last = await selectLastLocked(sql, programme.id)
  if (last !== undefined) return addMonths(last, 1)
  const starts = (await agreementsOfProgramme(sql, programme.id)).map(({ startsAt }) => startsAt.getTime())
  return starts.length === 0 ? undefined : monthOf(new Date(Math.min(...starts)), programme.timeZone)
}

function refuseOutOfOrder({ code }: Programme, month: Month, next: Month | undefined): void {
  if (next === month) return
  if (next === undefined) throw new Fault('WRONG_STATE', `nobody has an agreement in ${code} yet`)
  if (month > next) throw new Fault('WRONG_STATE', `${next} of ${code} is to be closed before ${month}`)
  throw new Fault(
    'WRONG_STATE',
    `${month} of ${code} is locked already, or before the first agreement; next is ${next}`,
  )
}
