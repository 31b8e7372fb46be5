import type { Span } from '../../../kernel/month.ts'
import { isPoolRule } from '../../splits/pool-rule.ts'
import { caseScope, type ProgrammeFacts, termsIn } from '../programme-facts.ts'
import type { LockedMonth } from './locked-month.ts'
import { findLateFacts, type LateFacts } from './store/late-facts.ts'

/** Facts that none of the months has seen and that may change one of them. Nothing where there is no month. */
export async function lateIn(facts: ProgrammeFacts, months: readonly LockedMonth[]): Promise<LateFacts> {
  if (months.length === 0) return { facts: 0, examples: [], months: new Set() }
  const lookback = Math.max(0, ...facts.terms.map(({ terms }) => terms.lookbackDays))
  return findLateFacts(facts.sql, {
    programme: facts.programme,
    months: months.map((month) => ({ ...month, clawbackDays: clawbackDaysOf(facts.terms, month.span) })),
    until: facts.span.to,
    // a touch is on paths for the lookback, and those may end without a conversion for as long again
    pathDays: hasPools(facts) ? 2 * lookback : 0,
    balances: caseScope(facts).kinds.has('ASSETS'),
  })
}

function hasPools({ terms }: ProgrammeFacts): boolean {
  return terms.some(({ terms: { rules } }) => rules.some(isPoolRule))
}

/** How long after what they refund refunds count, by the terms that are in force in a span. */
export function clawbackDaysOf(terms: ProgrammeFacts['terms'], span: Span): number {
  return termsIn(terms, span)?.terms.clawbackDays ?? 0
}
