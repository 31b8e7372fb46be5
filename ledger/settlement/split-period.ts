import type { Agreement } from '../agreements/agreement.ts'
import type { TermsVersion } from '../agreements/terms.ts'
import { deriveSplits, type Splits } from './derive-splits.ts'
import { type ProgrammeFacts, termsIn } from './programme-facts.ts'
import { type Surveys, splitProgramme } from './split-programme.ts'

/** What all rules give in a period, how many facts were read for it, and what had to be known of all of it. */
export type PeriodSplit = {
  /** The terms in force in the period; without them nothing is settled. */
  readonly inForce: TermsVersion | undefined
  readonly splits: Splits
  readonly facts: number
  readonly surveys: Surveys
}

/** Splits the facts of a period for agreements of those who accrue, and derives what others' earnings give. */
export async function splitPeriod(
  facts: ProgrammeFacts,
  agreements: readonly Agreement[],
  onBatch: (facts: number) => void,
): Promise<PeriodSplit> {
  const split = await splitProgramme(facts, onBatch)
  const inForce = termsIn(facts.terms, facts.span)
  const splits = inForce
    ? deriveSplits({ terms: inForce, span: facts.span, agreements, splits: split.splits })
    : new Map()
  return { inForce, splits, facts: split.facts, surveys: split.surveys }
}
