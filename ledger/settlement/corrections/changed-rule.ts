import type { Id } from '../../../kernel/ids.ts'
import { invariant } from '../../../kernel/invariant.ts'
import { rational } from '../../../kernel/rational.ts'
import type { TermsVersion } from '../../agreements/terms.ts'
import type { PlacedRule } from '../../splits/match-rules.ts'
import type { EarnedSplit, Splits } from '../derive-splits.ts'
import { ruleKey } from '../rule-key.ts'
import type { SettledRule } from './store/settled-rules.ts'

/** A rule that gives an agreement another total for a month than was settled. */
export type ChangedRule = {
  readonly agreement: Id<'agr'>
  readonly split: EarnedSplit
  /** What was settled so far. */
  readonly settled: { readonly total: bigint; readonly forgone: bigint }
}

const NOTHING = { total: 0n, forgone: 0n }

/**
 * Compares what rules give a month by what is known now with what was settled for it so far: those whose totals differ, by
 * agreement, each agreement's in the order of versions and places. A rule that gives nothing any more has a split without lines.
 */
export function changedRules(
  splits: Splits,
  settled: readonly SettledRule[],
  terms: readonly TermsVersion[],
): readonly ChangedRule[] {
  const versions = new Map(terms.map((version) => [version.id, version]))
  const before = new Map(settled.map((rule) => [ruleKey(rule.agreement, placeOf(rule, versions)), rule]))
  const changed: ChangedRule[] = []
  for (const [agreement, rules] of splits) {
    for (const split of rules) {
      const key = ruleKey(agreement, split.placed)
      const known = before.get(key) ?? NOTHING
      before.delete(key)
      if (known.total !== split.total) changed.push({ agreement, split, settled: known })
    }
  }
  for (const rule of before.values()) {
    if (rule.total === 0n) continue
    changed.push({ agreement: rule.agreement, split: emptySplit(placeOf(rule, versions)), settled: rule })
  }
  return changed.toSorted(inOrder)
}

function placeOf({ terms, place }: SettledRule, versions: ReadonlyMap<Id<'trm'>, TermsVersion>): PlacedRule {
  const version = versions.get(terms)
  const rule = version?.terms.rules[place]
  invariant(version && rule, 'what was settled names a rule of the programme')
  return { terms: version, place, rule }
}

function emptySplit(placed: PlacedRule): EarnedSplit {
  const nothing = rational(0n)
  return { placed, exact: nothing, limited: nothing, total: 0n, forgone: 0n, adjustments: [], amounts: [] }
}

function inOrder(a: ChangedRule, b: ChangedRule): number {
  if (a.agreement !== b.agreement) return a.agreement < b.agreement ? -1 : 1
  return a.split.placed.terms.version - b.split.placed.terms.version || a.split.placed.place - b.split.placed.place
}
