import { type ExactSum, exactSum } from '../../kernel/exact-sum.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Span } from '../../kernel/month.ts'
import { type Agreement, runsIn } from '../agreements/agreement.ts'
import type { TermsVersion } from '../agreements/terms.ts'
import type { DerivedSplit } from '../splits/derived-split.ts'
import { guaranteeFor } from '../splits/guarantee.ts'
import { type Earner, overridesFor } from '../splits/overrides.ts'
import type { RuleSplit } from '../splits/split-agreement.ts'

/** What one rule gives an agreement in a period, be it of facts or of what others earn. */
export type EarnedSplit = RuleSplit | DerivedSplit

/** What each agreement's rules give in a period. */
export type Splits = ReadonlyMap<Id<'agr'>, readonly EarnedSplit[]>

/** What the rules of a period are derived from: the terms in force, and those who accrue, by partner's code and start. */
export type DerivingInput = {
  readonly terms: TermsVersion
  readonly span: Span
  readonly agreements: readonly Agreement[]
  readonly splits: ReadonlyMap<Id<'agr'>, readonly RuleSplit[]>
}

/**
 * Adds overrides and guarantees to what facts gave, behind it. A parent is paid under its agreement that runs in the period
 * (the last, if there are two), and each that runs is guaranteed what the terms say. Source: RULES §3.
 */
export function deriveSplits({ terms, span, agreements, splits }: DerivingInput): Splits {
  const earners = earnersOf(agreements, splits)
  const running = agreements.filter((agreement) => runsIn(agreement, span))
  const paid = new Map(running.map(({ id, partnerCode }) => [partnerCode, id]))
  const all = new Map<Id<'agr'>, readonly EarnedSplit[]>(splits)
  for (const { id, partnerCode } of running) {
    const overrides = paid.get(partnerCode) === id ? overridesFor(terms, partnerCode, earners) : []
    const earning = [...(splits.get(id) ?? []), ...overrides]
    const earned = earning.reduce((sum, { total }) => sum + total, 0n)
    const whole = [...earning, ...guaranteeFor(terms, earned)]
    if (whole.length > 0) all.set(id, whole)
  }
  return all
}

function earnersOf(agreements: readonly Agreement[], splits: DerivingInput['splits']): readonly Earner[] {
  const earned = new Map<string, ExactSum>()
  for (const { id, partnerCode } of agreements) {
    for (const { limited } of splits.get(id) ?? []) {
      const sum = earned.get(partnerCode) ?? exactSum()
      earned.set(partnerCode, sum)
      sum.add(limited)
    }
  }
  return [...earned].map(([partner, sum]) => ({ partner, earned: sum.value() }))
}
