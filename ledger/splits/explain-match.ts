import { unreachable } from '../../kernel/invariant.ts'
import { exactText } from './exact-text.ts'
import type { AdjustmentExplanation, LineExplanation, RuleExplanation } from './explanation.ts'
import { type ContributionRef, contributionOf, type EventCase, type FactCase } from './fact-case.ts'
import type { Adjustment } from './limits.ts'
import type { RuleMatch } from './match-rules.ts'
import type { Judging } from './rule-calculator.ts'
import type { StatedSplit } from './stated-split.ts'
import { told } from './told.ts'

/** The explanation of a rule's total, as data. */
export function explainSplit(split: StatedSplit): RuleExplanation {
  const { placed, exact, adjustments, total, forgone, amounts, correction } = split
  const { rule, place, terms } = placed
  return {
    rule: { ...told(rule), place },
    terms: { version: terms.version, hash: terms.hash },
    lines: amounts.length,
    exact: exactText(exact),
    adjustments: adjustments.map(explainAdjustment),
    rounding: 'HALF_TO_EVEN_ONCE',
    total: `${total}`,
    forgone: `${forgone}`,
    ...(correction && {
      correction: { month: correction.month, settled: `${correction.settled}`, now: `${correction.now}` },
    }),
  }
}

function explainAdjustment(adjustment: Adjustment): AdjustmentExplanation {
  const after = `${adjustment.after}`
  const before = exactText(adjustment.before)
  if (adjustment.kind === 'RULE_CAP') return { kind: 'RULE_CAP', cap: `${adjustment.cap}`, after, sums: { before } }
  const sums = { together: exactText(adjustment.together), before }
  switch (adjustment.kind) {
    case 'STACKED_LIMIT': {
      const { kind, maxSharePpm, base, allowed } = adjustment
      return {
        kind,
        maxSharePpm: `${maxSharePpm}`,
        after,
        sums: { ...sums, base: exactText(base), allowed: `${allowed}` },
      }
    }
    case 'AGREEMENT_CAP':
      return { kind: 'AGREEMENT_CAP', cap: `${adjustment.cap}`, after, sums }
    default:
      return unreachable(adjustment)
  }
}

/** A rule's explanation without exact sums: over a known rate they would give the customers' money away. */
export function withoutSums({ exact: _, ...explanation }: RuleExplanation): RuleExplanation {
  return { ...explanation, adjustments: explanation.adjustments.map(({ sums: __, ...adjustment }) => adjustment) }
}

/** The explanation of one line, as data. */
export function explainMatch(
  fact: FactCase,
  { window, exact, detail, passedOver }: RuleMatch,
  { partner }: Judging,
): LineExplanation {
  const contribution = contributionOf(fact, partner)
  return {
    ...(contribution && { contribution: refOf(contribution) }),
    ...(fact.kind === 'EVENT' && { event: eventOf(fact) }),
    ...(window && { window: { from: window.from.toISOString(), to: window.to.toISOString() } }),
    ...(detail && { detail: detail() }),
    exact: exactText(exact),
    ...(passedOver.length > 0 && { passedOver }),
  }
}

function refOf({ id, externalId, occurredAt }: ContributionRef): NonNullable<LineExplanation['contribution']> {
  return { id, externalId, at: occurredAt.toISOString() }
}

function eventOf({ event, judgedAt }: EventCase): NonNullable<LineExplanation['event']> {
  const { id, source, externalId, occurredAt, base, minor } = event
  const own = { id, source, externalId, at: occurredAt.toISOString(), base, minor: `${minor}` }
  return judgedAt === undefined ? own : { ...own, refunds: judgedAt.toISOString() }
}
