import { unreachable } from '../../kernel/invariant.ts'
import { type Rational, reduce } from '../../kernel/rational.ts'
import type { RuleFilter, RuleWindow } from '../agreements/terms.ts'
import type { Adjustment } from './limits.ts'
import type { RuleMatch } from './match-rules.ts'
import type { ReferredEvent } from './referred-event.ts'
import type { RuleSplit } from './split-agreement.ts'

/** An exact number in lowest terms, as it is kept: integers as text. */
export type ExactText = { readonly numerator: string; readonly denominator: string }

/** Why a rule gave what it gave in a period. Amounts are minor units; integers are text, times RFC 3339 in UTC. */
export type RuleExplanation = {
  readonly rule: {
    readonly kind: 'REFERRAL_COMMISSION_SHARE'
    /** Place within the terms' rules, from 0. */
    readonly place: number
    readonly ratePpm: string
    readonly window: RuleWindow
    readonly base: string
    readonly filter: RuleFilter
    readonly priority: number
    readonly exclusive: boolean
  }
  readonly terms: { readonly version: number; readonly hash: string }
  readonly lines: number
  /** Σ of the exact amounts of the lines, before caps and limits. Not for partners. */
  readonly exact?: ExactText
  readonly adjustments: readonly AdjustmentExplanation[]
  readonly rounding: 'HALF_TO_EVEN_ONCE'
  readonly total: string
  readonly forgone: string
}

/** A cap or limit that changed the total; the exact sums before it are not for partners. */
export type AdjustmentExplanation =
  | {
      readonly kind: 'STACKED_LIMIT'
      readonly maxSharePpm: string
      readonly after: string
      readonly sums?: {
        readonly base: string
        readonly together: ExactText
        readonly allowed: string
        readonly before: ExactText
      }
    }
  | {
      readonly kind: 'AGREEMENT_CAP'
      readonly cap: string
      readonly after: string
      readonly sums?: { readonly together: ExactText; readonly before: ExactText }
    }

/** The facts behind one line, the window that was tested, and the exact amount before the rule's one rounding. */
export type LineExplanation = {
  readonly contribution: { readonly id: string; readonly externalId: string; readonly at: string }
  readonly event: {
    readonly id: string
    readonly source: string
    readonly externalId: string
    readonly at: string
    readonly base: string
    /** The base amount. */
    readonly minor: string
  }
  /** Half-open; the event's time lies in it. */
  readonly window: { readonly from: string; readonly to: string }
  readonly exact: ExactText
}

/** The explanation of a rule's total, as data. */
export function explainSplit({ placed, exact, adjustments, total, forgone, amounts }: RuleSplit): RuleExplanation {
  const { rule, place, terms } = placed
  const { kind, window, base, filter, priority, exclusive } = rule
  return {
    rule: { kind, place, ratePpm: `${rule.ratePpm}`, window, base, filter, priority, exclusive },
    terms: { version: terms.version, hash: terms.hash },
    lines: amounts.length,
    exact: exactText(exact),
    adjustments: adjustments.map(explainAdjustment),
    rounding: 'HALF_TO_EVEN_ONCE',
    total: `${total}`,
    forgone: `${forgone}`,
  }
}

function explainAdjustment(adjustment: Adjustment): AdjustmentExplanation {
  const sums = { together: exactText(adjustment.together), before: exactText(adjustment.before) }
  const after = `${adjustment.after}`
  switch (adjustment.kind) {
    case 'STACKED_LIMIT': {
      const { kind, maxSharePpm, base, allowed } = adjustment
      return { kind, maxSharePpm: `${maxSharePpm}`, after, sums: { ...sums, base: `${base}`, allowed: `${allowed}` } }
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
export function explainMatch({ referral, event }: ReferredEvent, { window, exact }: RuleMatch): LineExplanation {
  const { id, source, externalId, base } = event
  return {
    contribution: { id: referral.id, externalId: referral.externalId, at: referral.occurredAt.toISOString() },
    event: { id, source, externalId, at: event.occurredAt.toISOString(), base, minor: `${event.minor}` },
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    exact: exactText(exact),
  }
}

function exactText(exact: Rational): ExactText {
  const { numerator, denominator } = reduce(exact)
  return { numerator: `${numerator}`, denominator: `${denominator}` }
}
