import { roundOnce, sumExact } from '../../kernel/allocation.ts'
import { compareKeys } from '../../kernel/compare-keys.ts'
import { multiply, PPM, type Rational, rational } from '../../kernel/rational.ts'
import type { Override, TermsVersion } from '../agreements/terms.ts'
import type { DerivedSplit } from './derived-split.ts'
import { exactText } from './exact-text.ts'

/** What a member earned in a period: exactly, after caps and limits, before rounding, by its own rules alone. */
export type Earner = { readonly partner: string; readonly earned: Rational }

/**
 * What the overrides of the terms in force in a period give a parent: a share of what its children earned, one line for
 * each child that earned something, rounded once. Nothing for a parent whose children earned nothing. Source: RULES §3.
 */
export function overridesFor(terms: TermsVersion, parent: string, earners: readonly Earner[]): readonly DerivedSplit[] {
  return terms.terms.rules.flatMap((rule, place) => {
    if (rule.kind !== 'OVERRIDE' || rule.parentPartner !== parent) return []
    const children = earners
      .filter(({ partner, earned }) => earned.numerator !== 0n && isChild(rule, partner))
      .toSorted((a, b) => compareKeys(a.partner, b.partner))
    return children.length === 0 ? [] : [splitOf({ terms, place, rule }, children)]
  })
}

function isChild({ parentPartner, childPartners }: Override, partner: string): boolean {
  return partner !== parentPartner && (childPartners?.includes(partner) ?? true)
}

function splitOf(
  placed: DerivedSplit['placed'] & { readonly rule: Override },
  children: readonly Earner[],
): DerivedSplit {
  const rate = rational(placed.rule.ratePpm, PPM)
  const lines = children.map(({ partner, earned }) => ({ key: partner, exact: multiply(earned, rate) }))
  const { total, amounts } = roundOnce(lines)
  const exact = sumExact(lines)
  return {
    placed,
    ...{ exact, limited: exact, total, forgone: 0n, adjustments: [], amounts },
    explanations: lines.map(({ key, exact }) => ({
      detail: { kind: 'OVERRIDE', child: key },
      exact: exactText(exact),
    })),
  }
}
