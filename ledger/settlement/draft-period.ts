import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Programme } from '../agreements/programme.ts'
import { termsOfProgramme } from '../agreements/store/terms.ts'
import { countOtherAssets } from '../facts/store/other-assets.ts'
import type { StatedSplit } from '../splits/stated-split.ts'
import { basisOf } from './basis-of-period.ts'
import type { OnClosingProgress } from './closing-progress.ts'
import { correctMonths } from './corrections/correct-months.ts'
import { draftPoints } from './draft-points.ts'
import { draftStatements } from './draft-statements.ts'
import { giveAdjustments } from './give-adjustments.ts'
import { membersUntil } from './members-until.ts'
import type { StatedSplits } from './open-rules.ts'
import type { Period } from './period.ts'
import type { Run, RunOutcome } from './period-run.ts'
import { factScope, type ProgrammeFacts } from './programme-facts.ts'
import { splitPeriod } from './split-period.ts'
import type { ClosingTurn } from './store/closing-turn.ts'
import { type DraftStatement, insertDrafts, selectBalances } from './store/drafts.ts'
import { finishRun, holdRun } from './store/period-runs.ts'
import { selectUnsoundDrafts } from './store/statements.ts'
import { writeLines } from './write-lines.ts'

export type DraftPeriodInput = {
  readonly programme: Programme
  readonly period: Period
  readonly run: Run
  readonly turn: ClosingTurn
  readonly onProgress: OnClosingProgress
}

/**
 * Calculates a period and writes its drafts: splits all facts, settles each agreement, writes the lines and the points, and
 * leaves the period in `REVIEW`, with all that its lock has to know. Nothing of it counts before it is locked. Throws
 * `WRONG_STATE` when another run has taken over.
 */
export async function draftPeriod(context: Context, input: DraftPeriodInput): Promise<void> {
  const { programme, period, run, turn, onProgress } = input
  const terms = await termsOfProgramme(turn.facts, programme.id)
  const members = await membersUntil(turn.facts, programme, period.endsAt)
  const { agreements } = members
  const facts: ProgrammeFacts = {
    sql: turn.facts,
    programme: programme.id,
    span: { from: period.startsAt, to: period.endsAt },
    terms,
    agreements: new Set(agreements.map(({ id }) => id)),
  }
  const otherAssets = await countOtherAssets(turn.facts, factScope(facts))
  const split = await splitPeriod(facts, agreements, (read) =>
    onProgress({ step: 'SPLITTING', facts: read, of: undefined }),
  )
  const { inForce } = split
  const balances = await selectBalances(context.database.reads, { programme: programme.id, month: period.month })
  const corrections = await correctMonths(context, {
    ...{ period, facts },
    onBatch: (read) => onProgress({ step: 'CORRECTING', facts: read, of: undefined }),
  })
  const adjustments = inForce ? await giveAdjustments(facts, inForce) : new Map()
  const splits = together(split.splits, corrections.splits, adjustments)
  const drafts = inForce ? draftStatements({ programme, period, terms: inForce, agreements, splits, balances }) : []
  await writeDrafts(context, run, drafts)
  const progress = (read: number): void => onProgress({ step: 'WRITING', facts: read, of: split.facts })
  await writeLines(
    context,
    { run, facts, surveys: split.surveys, drafts, splits, corrected: corrections.lines() },
    progress,
  )
  await draftPoints(context, { run, facts, agreements })
  await finish(context, run, {
    facts: split.facts,
    lateFacts: corrections.lateFacts,
    lookedBack: { notAccruing: members.silent, uncorrected: corrections.uncorrected },
    otherAssets,
    basis: basisOf({ terms, members, balances }, period),
  })
}

/** All rules of each statement: those of the month, then of locked months, then what is given by hand. */
function together(...parts: readonly StatedSplits[]): StatedSplits {
  const whole = new Map<Id<'agr'>, readonly StatedSplit[]>()
  for (const [agreement, rules] of parts.flatMap((part) => [...part])) {
    whole.set(agreement, [...(whole.get(agreement) ?? []), ...rules])
  }
  return whole
}

/** Checks that lines, rules and statements agree, and marks the drafts as complete. Nothing can be added to them after. */
async function finish(context: Context, run: Run, outcome: RunOutcome): Promise<void> {
  await context.database.transaction(
    async (tx) => {
      await holdRun(tx, run, 'CALCULATING')
      const unsound = await selectUnsoundDrafts(tx, run)
      invariant(unsound.length === 0, `the lines of ${unsound[0]} do not sum to its earnings`)
      await finishRun(tx, run, { ...outcome, at: context.clock.now() })
    },
    { statementTimeoutSeconds: 600 },
  )
}

async function writeDrafts(context: Context, run: Run, drafts: readonly DraftStatement[]): Promise<void> {
  await context.database.transaction(async (tx) => {
    await holdRun(tx, run, 'CALCULATING')
    const made = { run: run.run, createdAt: context.clock.now() }
    await insertDrafts(
      tx,
      drafts.map((draft) => ({ ...draft, ...made })),
    )
  })
}
