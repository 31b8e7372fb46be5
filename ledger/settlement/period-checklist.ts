import type { Reader } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { addMonths, type Month, monthSpan } from '../../kernel/month.ts'
import type { Programme } from '../agreements/programme.ts'
import { countOtherAssets } from '../facts/store/other-assets.ts'
import { basisNow } from './basis-of-period.ts'
import { nextMonth } from './begin-run.ts'
import { type ChecklistItem, checklistOf, type OpenThings } from './checklist.ts'
import { factsSince } from './facts-since.ts'
import { membersUntil } from './members-until.ts'
import type { Period } from './period.ts'
import type { PeriodRun } from './period-run.ts'
import { type Place, type PlaceInput, placeOf } from './place.ts'
import {
  type Found,
  findBreaks,
  findDisputes,
  findUnanswered,
  findUnconfirmed,
  findUndecided,
  findUnmatched,
  findUnpaid,
  findUnsealed,
} from './store/open-things.ts'
import { selectLastRun } from './store/period-runs.ts'
import { selectPeriod } from './store/periods.ts'

/** A month and what is open of it. */
export type PeriodChecklist = {
  readonly programme: Programme
  readonly month: Month
  /** None while its closing was never tried. */
  readonly period: Period | undefined
  readonly items: readonly ChecklistItem[]
}

/**
 * Looks a month over: what hinders its lock, what hinders that it is closed, and what somebody should know. It changes
 * nothing. Throws `NOT_FOUND` (programme) and `INVALID_INPUT` (month).
 */
export async function periodChecklist(context: Context, input: PlaceInput): Promise<PeriodChecklist> {
  return lookOver(await placeOf(context, input))
}

/** The same, of a month that was found. */
export async function lookOver(place: Place): Promise<PeriodChecklist> {
  const { context, programme, month } = place
  const sql = context.database.reads
  const period = await selectPeriod(sql, { programme: programme.id, month })
  const open = period?.lockedAt === undefined ? await beforeLock(place, period) : await afterLock(context, period)
  const told = { ...open, ...(await tellsOf(sql, programme, month)) }
  return {
    programme,
    month,
    period,
    items: checklistOf(told, { programme: programme.code, month, locked: period?.lockedAt !== undefined }),
  }
}

const ONE: Found = { count: 1, examples: [] }

async function beforeLock({ context, programme, month }: Place, period: Period | undefined): Promise<OpenThings> {
  const sql = context.database.reads
  const span = monthSpan(month, programme.timeZone)
  const run = period && (await selectLastRun(sql, period.id))
  return {
    ...(context.clock.now() < span.to && { NOT_OVER: ONE }),
    EARLIER_MONTH_OPEN: found(monthsBefore(month, await nextMonth(sql, programme))),
    ...(await sinceCalculation(sql, programme, period, run)),
    UNCONFIRMED_CONTRIBUTIONS: await findUnconfirmed(sql, programme.id, span),
    UNDECIDED_ADJUSTMENTS: await findUndecided(sql, programme.id),
  }
}

async function sinceCalculation(
  sql: Reader,
  programme: Programme,
  period: Period | undefined,
  run: PeriodRun | undefined,
): Promise<OpenThings> {
  if (period?.status !== 'REVIEW' || run?.outcome === undefined) return { NOT_CALCULATED: ONE }
  const outdated = (await basisNow(sql, programme, period)) !== run.outcome.basis
  return {
    ...(outdated && { CALCULATION_OUTDATED: ONE }),
    FACTS_SINCE_CALCULATION: await factsSince(sql, programme, period),
  }
}

/** What is open of a locked month; nothing once it is closed. */
async function afterLock({ database: { reads }, clock }: Context, { id, closedAt }: Period): Promise<OpenThings> {
  return closedAt === undefined ? openOfLocked(reads, id, clock.now()) : {}
}

/** What hinders that a locked month is closed. */
export async function openOfLocked(sql: Reader, period: Period['id'], now: Date): Promise<OpenThings> {
  return {
    OPEN_DISPUTES: await findDisputes(sql, period),
    UNANSWERED_STATEMENTS: await findUnanswered(sql, period, now),
    UNPAID_STATEMENTS: await findUnpaid(sql, period),
    OPEN_BREAKS: await findBreaks(sql, period),
    UNSEALED_RECORDS: await findUnsealed(sql, period),
  }
}

/** What somebody should know, whatever the state. */
async function tellsOf(sql: Reader, programme: Programme, month: Month): Promise<OpenThings> {
  const span = monthSpan(month, programme.timeZone)
  const others = await countOtherAssets(sql, { programme: programme.id, ...span })
  const { silent } = await membersUntil(sql, programme, span.to)
  return {
    OTHER_ASSETS: {
      count: others.reduce((all, { events }) => all + events, 0),
      examples: others.map(({ asset }) => asset).slice(0, 10),
    },
    NOT_ACCRUING: found(silent),
    UNMATCHED_BANK_ENTRIES: await findUnmatched(sql, programme.asset),
  }
}

function found(all: readonly string[]): Found {
  return { count: all.length, examples: all.slice(0, 10) }
}

/** Nobody closes a century at once. */
const MOST_MONTHS = 1200

/** Months that are to be locked before this one. */
function monthsBefore(month: Month, next: Month | undefined): readonly Month[] {
  const before: Month[] = []
  for (let one = next; one !== undefined && one < month && before.length < MOST_MONTHS; one = addMonths(one, 1))
    before.push(one)
  return before
}
