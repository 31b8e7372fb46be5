import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Agreement } from '../agreements/agreement.ts'
import type { Programme } from '../agreements/programme.ts'
import { agreementsOfProgramme } from '../agreements/store/agreements.ts'
import { termsOfProgramme } from '../agreements/store/terms.ts'
import type { OnClosingProgress } from './closing-progress.ts'
import { deriveSplits } from './derive-splits.ts'
import { draftStatements } from './draft-statements.ts'
import type { Period } from './period.ts'
import { type PointsOfPeriod, pointsOfPeriod } from './points-of-period.ts'
import { type ProgrammeFacts, termsIn } from './programme-facts.ts'
import { splitProgramme } from './split-programme.ts'
import type { ClosingTurn } from './store/closing-turn.ts'
import { type DraftStatement, insertDrafts, selectAccruing, selectBalances } from './store/drafts.ts'
import { finishRun, holdRun, type Run } from './store/periods.ts'
import { selectUnsoundDrafts } from './store/statements.ts'
import { writeLines } from './write-lines.ts'

export type CalculateInput = {
  readonly programme: Programme
  readonly period: Period
  readonly run: Run
  readonly turn: ClosingTurn
  readonly onProgress: OnClosingProgress
}

/** A period whose drafts are complete. */
export type CalculatedPeriod = {
  readonly facts: number
  /** Points that are given, and taken back, when it is locked. */
  readonly points: PointsOfPeriod
  /** Codes of members who do not accrue in their status: no statement is made for them. */
  readonly notAccruing: readonly string[]
}

/**
 * Calculates a period and writes its drafts: splits all facts, settles each agreement, writes the lines, and leaves the
 * period in `REVIEW`. Nothing of it counts before it is locked. Throws `WRONG_STATE` when another run has taken over.
 */
export async function calculatePeriod(context: Context, input: CalculateInput): Promise<CalculatedPeriod> {
  const { programme, period, run, turn, onProgress } = input
  const terms = await termsOfProgramme(turn.facts, programme.id)
  const { agreements, notAccruing } = await membersUntil(turn, programme, period)
  const facts: ProgrammeFacts = {
    sql: turn.facts,
    programme: programme.id,
    span: { from: period.startsAt, to: period.endsAt },
    terms,
    agreements: new Set(agreements.map(({ id }) => id)),
  }
  const split = await splitProgramme(facts, (read) => onProgress({ step: 'SPLITTING', facts: read, of: undefined }))
  const balances = await selectBalances(context.database.reads, { programme: programme.id, month: period.month })
  const inForce = termsIn(terms, facts.span)
  const splits = inForce
    ? deriveSplits({ terms: inForce, span: facts.span, agreements, splits: split.splits })
    : new Map()
  const drafts = inForce ? draftStatements({ programme, period, terms: inForce, agreements, splits, balances }) : []
  await writeDrafts(context, run, drafts)
  const progress = (read: number): void => onProgress({ step: 'WRITING', facts: read, of: split.facts })
  await writeLines(context, { run, facts, surveys: split.surveys, drafts, splits }, progress)
  const points = await pointsOfPeriod(facts, agreements)
  await finish(context, run)
  return { facts: split.facts, points, notAccruing }
}

/** Agreements that had begun by the end of the period, of members who accrue; and the codes of those who do not. */
async function membersUntil(
  { facts }: ClosingTurn,
  programme: Programme,
  period: Period,
): Promise<{ readonly agreements: readonly Agreement[]; readonly notAccruing: readonly string[] }> {
  const all = await agreementsOfProgramme(facts, programme.id)
  const begun = all.filter(({ startsAt }) => startsAt < period.endsAt)
  const accruing = await selectAccruing(
    facts,
    begun.map(({ partner }) => partner),
  )
  const silent = begun.filter(({ partner }) => !accruing.has(partner))
  return {
    agreements: begun.filter(({ partner }) => accruing.has(partner)),
    notAccruing: [...new Set(silent.map(({ partnerCode }) => partnerCode))],
  }
}

/** Checks that lines, rules and statements agree, and marks the drafts as complete. Nothing can be added to them after. */
async function finish(context: Context, run: Run): Promise<void> {
  await context.database.transaction(
    async (tx) => {
      await holdRun(tx, run, 'CALCULATING')
      const unsound = await selectUnsoundDrafts(tx, run)
      invariant(unsound.length === 0, `the lines of ${unsound[0]} do not sum to its earnings`)
      await finishRun(tx, run)
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
