import { invariant } from '../../kernel/invariant.ts'
import { rational } from '../../kernel/rational.ts'
import type { Adjustment } from '../adjustments/adjustment.ts'
import { selectUngiven } from '../adjustments/store/adjustments.ts'
import type { TermsVersion } from '../agreements/terms.ts'
import { exactText } from '../splits/exact-text.ts'
import type { StatedSplit } from '../splits/stated-split.ts'
import type { StatedSplits } from './open-rules.ts'
import type { ProgrammeFacts } from './programme-facts.ts'

/**
 * Approved adjustments that no statement has yet, as rules of the statements that are drafted: each is one rule with one
 * line, at a place behind all those of the terms. One of a member who does not accrue now waits.
 */
export async function giveAdjustments(
  { sql, programme, agreements }: ProgrammeFacts,
  terms: TermsVersion,
): Promise<StatedSplits> {
  const given = (await selectUngiven(sql, programme)).filter(({ agreement }) => agreements.has(agreement))
  const byAgreement = Map.groupBy(given, ({ agreement }) => agreement)
  return new Map(
    [...byAgreement].map(([agreement, own]) => [agreement, own.map((one, index) => splitOf(one, terms, index))]),
  )
}

function splitOf({ id, minor, reason, decidedAt }: Adjustment, terms: TermsVersion, index: number): StatedSplit {
  invariant(decidedAt, 'what was approved was decided')
  const exact = rational(minor)
  const detail = { kind: 'ADJUSTMENT', adjustment: id, approvedAt: decidedAt.toISOString() } as const
  return {
    placed: {
      terms,
      place: terms.terms.rules.length + index,
      rule: { kind: 'MANUAL_ADJUSTMENT', adjustment: id, reason },
    },
    ...{ exact, total: minor, forgone: 0n, adjustments: [], amounts: [minor] },
    explanations: [{ detail, exact: exactText(exact) }],
  }
}
