import type { Context } from '../../../database/context.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Id } from '../../../kernel/ids.ts'
import type { Month } from '../../../kernel/month.ts'
import { agreementsOfProgramme } from '../../agreements/store/agreements.ts'
import type { StatedSplit } from '../../splits/stated-split.ts'
import type { Period } from '../period.ts'
import type { ProgrammeFacts } from '../programme-facts.ts'
import { ruleKey } from '../rule-key.ts'
import { splitPeriod } from '../split-period.ts'
import { selectLastLocked } from '../store/periods.ts'
import { type CorrectedMonth, changedLines } from './changed-lines.ts'
import { type ChangedRule, changedRules } from './changed-rule.ts'
import { clawbackDaysOf, lateIn } from './late-in.ts'
import type { LockedMonth } from './locked-month.ts'
import type { ChangedLine } from './open-change.ts'
import { selectLockedMonths } from './store/locked-months.ts'
import { selectSettledRules } from './store/settled-rules.ts'

export type CorrectInput = {
  readonly period: Period
  /** The facts of the period that is calculated, and who accrues in it. */
  readonly facts: ProgrammeFacts
  /** Told how many facts of locked months were read. */
  readonly onBatch: (facts: number) => void
}

/** What a period's statements have of locked months. */
export type Corrections = {
  /** Rules whose totals differ, month by month, each with the amounts of the lines that do. */
  readonly splits: ReadonlyMap<Id<'agr'>, readonly StatedSplit[]>
  /** Those lines, in batches; the facts are read once more for them. */
  readonly lines: () => AsyncIterable<readonly ChangedLine[]>
  /** Facts that came too late for a locked month. */
  readonly lateFacts: number
  /** Months of which something waits for a member who does not accrue now. */
  readonly uncorrected: readonly Month[]
}

/**
 * Looks back at the locked months before a period: each for which facts came that it has not seen is calculated again by its
 * own terms, caps, marks and attribution, for those who accrued in it, and compared with what was settled for it so far, by
 * its own statements and by corrections since. What a member who does not accrue now is to have, or to give back, waits.
 * Costs one search where nothing is late. Throws `WRONG_STATE` when another process has just locked the month before.
 * Source: RULES §5.
 */
export async function correctMonths(context: Context, { period, facts, onBatch }: CorrectInput): Promise<Corrections> {
  const { months, waiting } = await selectLockedMonths(facts.sql, facts.programme)
  await refuseStale(context, period, months)
  const late = await lateIn(facts, months)
  const corrected: CorrectedMonth[] = []
  const uncorrected: Month[] = []
  let read = 0
  for (const locked of months) {
    if (!late.months.has(locked.month) && !waiting.has(locked.month)) continue
    const again = await calculateAgain(locked, facts, (some) => onBatch(read + some))
    const { changes, facts: own, month, surveys } = again
    read += again.read
    const posted = changes.filter(({ agreement }) => facts.agreements.has(agreement))
    if (posted.length < changes.length) uncorrected.push(locked.month)
    if (posted.length > 0) corrected.push({ month, facts: own, surveys, changes: posted })
  }
  return {
    splits: await splitsOf(corrected),
    lines: () => linesOf(corrected),
    lateFacts: late.facts,
    uncorrected,
  }
}

/** A snapshot from before another closing ended does not know what that settled. */
async function refuseStale(
  { database }: Context,
  { programme, month }: Period,
  months: readonly LockedMonth[],
): Promise<void> {
  if ((await selectLastLocked(database.reads, programme)) === months.at(-1)?.month) return
  throw new Fault('WRONG_STATE', `another process has just locked the month before ${month}: close ${month} again`)
}

/** What a locked month gives by what is known now, where that is not what was settled. */
async function calculateAgain(
  locked: LockedMonth,
  { sql, programme, terms, span: now }: ProgrammeFacts,
  onBatch: (facts: number) => void,
): Promise<CorrectedMonth & { readonly read: number }> {
  const { month, span, notAccruing } = locked
  const all = await agreementsOfProgramme(sql, programme)
  const accrued = all.filter(({ id, startsAt }) => startsAt < span.to && !notAccruing.has(id))
  const refunds = { until: now.to, clawbackDays: clawbackDaysOf(terms, span) }
  const members = new Set(accrued.map(({ id }) => id))
  const facts: ProgrammeFacts = { sql, programme, terms, span, agreements: members, refunds }
  const { splits, surveys, facts: read } = await splitPeriod(facts, accrued, onBatch)
  const settled = await selectSettledRules(sql, { programme, month })
  return { month, facts, surveys, read, changes: changedRules(splits, settled, terms) }
}

async function splitsOf(corrected: readonly CorrectedMonth[]): Promise<Corrections['splits']> {
  const amounts = new Map<string, bigint[]>()
  for await (const lines of linesOf(corrected)) {
    for (const { rule, minor } of lines) {
      const known = amounts.get(rule) ?? []
      known.push(minor)
      amounts.set(rule, known)
    }
  }
  const splits = new Map<Id<'agr'>, StatedSplit[]>()
  for (const { month, changes } of corrected) {
    for (const change of changes) {
      const key = ruleKey(change.agreement, change.split.placed, month)
      const stated = splits.get(change.agreement) ?? []
      stated.push(statedOf(change, month, amounts.get(key) ?? []))
      splits.set(change.agreement, stated)
    }
  }
  return splits
}

function statedOf({ split, settled }: ChangedRule, month: Month, amounts: readonly bigint[]): StatedSplit {
  const { placed, exact, adjustments, total: now, forgone } = split
  return {
    ...{ placed, exact, adjustments, amounts },
    total: now - settled.total,
    forgone: forgone - settled.forgone,
    correction: { month, settled: settled.total, now },
  }
}

async function* linesOf(corrected: readonly CorrectedMonth[]): AsyncGenerator<readonly ChangedLine[]> {
  for (const month of corrected) yield* changedLines(month)
}
