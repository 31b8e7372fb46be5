import { rational } from '../../kernel/rational.ts'
import type { TermsVersion } from '../agreements/terms.ts'
import type { DerivedSplit } from './derived-split.ts'
import { exactText } from './exact-text.ts'

/**
 * What an agreement that runs in a period gets on top of its rounded earnings (overrides included, clawbacks not) by the
 * guarantee of the terms in force; nothing where it earned as much by itself. Source: RULES §3.
 */
export function guaranteeFor(terms: TermsVersion, earned: bigint): readonly DerivedSplit[] {
  return terms.terms.rules.flatMap((rule, place) => {
    if (rule.kind !== 'MINIMUM_GUARANTEE' || earned >= rule.amountPerPeriod) return []
    const total = rule.amountPerPeriod - earned
    const detail = { kind: 'GUARANTEE', guaranteed: `${rule.amountPerPeriod}`, earned: `${earned}` } as const
    const exact = rational(total)
    return [
      {
        placed: { terms, place, rule },
        ...{ exact, limited: exact, total, forgone: 0n, adjustments: [], amounts: [total] },
        explanations: [{ detail, exact: exactText(exact) }],
      },
    ]
  })
}
