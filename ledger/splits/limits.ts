import { type ExactLine, shareOverLines, sumExact } from '../../kernel/allocation.ts'
import { compareKeys } from '../../kernel/compare-keys.ts'
import { add, multiply, PPM, type Rational, rational, round } from '../../kernel/rational.ts'
import type { Terms } from '../agreements/terms.ts'

/** What one rule of an agreement sums up to in a period, exactly. */
export type RuleSum = {
  /** Place of the rule, as a key of fixed width: it breaks ties between rules. */
  readonly key: string
  readonly exact: Rational
  /** The part that comes from facts which other rules of the agreement share; `undefined` when there is none. */
  readonly shared: Rational | undefined
  /** The rule's own cap. */
  readonly cap: bigint | undefined
  /** What the rule gives unless a cap or limit changes it: the agreement's part of a pool that was rounded as a whole. */
  readonly given?: bigint | undefined
}

/** One adjustment of a rule's total, for the explanation. Amounts before it are exact, after it whole. */
export type Adjustment =
  | { readonly kind: 'RULE_CAP'; readonly cap: bigint; readonly before: Rational; readonly after: bigint }
  | {
      readonly kind: 'STACKED_LIMIT'
      readonly maxSharePpm: bigint
      /** Σ of the shared facts' bases. */
      readonly base: Rational
      /** What the stacked rules together would have earned from the shared facts, and what they may. */
      readonly together: Rational
      readonly allowed: bigint
      readonly before: Rational
      readonly after: bigint
    }
  | {
      readonly kind: 'AGREEMENT_CAP'
      readonly cap: bigint
      readonly together: Rational
      readonly before: Rational
      readonly after: bigint
    }

/** A rule's total in a period: rounded once, or given by what capped it. */
export type RuleTotal = {
  readonly key: string
  readonly total: bigint
  /** After cap and limits, before the one rounding. */
  readonly limited: Rational
  /** What the part from shared facts became by the limit; `undefined` when no limit touched it. */
  readonly sharedTotal: bigint | undefined
  /** What the rule would have earned without cap and limit, less what it earns. */
  readonly forgone: bigint
  readonly adjustments: readonly Adjustment[]
}

type Adjusted = RuleSum & {
  readonly now: Rational
  readonly sharedNow: bigint | undefined
  readonly adjustments: readonly Adjustment[]
}

/**
 * Decides the totals of the rules of one agreement, period and version of terms: each rule's own cap, the limit over
 * stacked rules, then the agreement's cap, then one rounding each. `sharedBase` is Σ base over the facts that several of the
 * rules share, each counted once. The limit is symmetric in sign: refunds take back no more than the limit would have given.
 * A cap never touches a total below it. Source: RULES §1 (order within a period) and §3.
 */
export function decideTotals(
  rules: readonly RuleSum[],
  sharedBase: Rational,
  limits: Terms['limits'],
): readonly RuleTotal[] {
  const sums = rules.map(capAlone)
  return capTogether(limitStacked(sums, sharedBase, limits.maxSharePpm), limits.capPerPeriod).map(
    ({ key, exact, given, now, sharedNow, adjustments }) => {
      const unlimited = given ?? round(exact)
      const total = adjustments.length === 0 ? unlimited : round(now)
      return { key, total, limited: now, sharedTotal: sharedNow, forgone: unlimited - total, adjustments }
    },
  )
}

function capAlone(rule: RuleSum): Adjusted {
  const { exact, shared, cap } = rule
  const begun = { ...rule, now: exact, sharedNow: undefined }
  if (cap === undefined || exact.numerator <= cap * exact.denominator) return { ...begun, adjustments: [] }
  const part = shared && multiply(shared, rational(cap * exact.denominator, exact.numerator))
  const step = { kind: 'RULE_CAP', cap, before: exact, after: cap } as const
  return { ...begun, now: rational(cap), shared: part, adjustments: [step] }
}

function limitStacked(
  rules: readonly Adjusted[],
  base: Rational,
  maxSharePpm: bigint | undefined,
): readonly Adjusted[] {
  const stacked = rules.flatMap(({ key, shared }) => (shared === undefined ? [] : [{ key, exact: shared }]))
  if (maxSharePpm === undefined || stacked.length < 2) return rules
  const together = sumExact(stacked)
  const allowed = allowedShare(together, base, maxSharePpm)
  if (allowed === undefined) return rules
  const parts = partsByKey(allowed, stacked)
  return rules.map((rule) => {
    const after = parts.get(rule.key)
    if (rule.shared === undefined || after === undefined) return rule
    const step = { kind: 'STACKED_LIMIT', maxSharePpm, base, together, allowed, before: rule.shared, after } as const
    const unshared = add(rule.now, negate(rule.shared))
    return { ...rule, now: add(rational(after), unshared), sharedNow: after, adjustments: [...rule.adjustments, step] }
  })
}

/** `floor(Σ base · limit)` where the stacked rules exceed it, in the sign of what they earn; else `undefined`. */
function allowedShare(together: Rational, base: Rational, maxSharePpm: bigint): bigint | undefined {
  const negative = together.numerator < 0n
  const signedBase = negative ? -base.numerator : base.numerator
  const limit = signedBase > 0n ? signedBase * maxSharePpm : 0n
  const magnitude = negative ? -together.numerator : together.numerator
  if (magnitude * PPM * base.denominator <= limit * together.denominator) return undefined
  const allowed = limit / (PPM * base.denominator)
  return negative ? -allowed : allowed
}

function capTogether(rules: readonly Adjusted[], cap: bigint | undefined): readonly Adjusted[] {
  const exact = rules.map(({ key, now }) => ({ key, exact: now }))
  const together = sumExact(exact)
  if (cap === undefined || together.numerator <= cap * together.denominator) return rules
  const parts = partsByKey(cap, exact)
  return rules.map((rule) => {
    const after = parts.get(rule.key) ?? 0n
    const step = { kind: 'AGREEMENT_CAP', cap, together, before: rule.now, after } as const
    const sharedNow = rule.sharedNow === undefined ? undefined : inProportion(rule.sharedNow, after, rule.now)
    return { ...rule, now: rational(after), sharedNow, adjustments: [...rule.adjustments, step] }
  })
}

/** The part of a rule's total when the whole shrinks to `after`. */
function inProportion(part: bigint, after: bigint, whole: Rational): bigint {
  if (whole.numerator === 0n) return part
  return round(rational(part * after * whole.denominator, whole.numerator))
}

function partsByKey(total: bigint, lines: readonly ExactLine[]): ReadonlyMap<string, bigint> {
  const ordered = lines.toSorted((a, b) => compareKeys(a.key, b.key))
  const amounts = shareOverLines(total, ordered)
  return new Map(ordered.map(({ key }, index) => [key, amounts[index] ?? 0n]))
}

function negate({ numerator, denominator }: Rational): Rational {
  return { numerator: -numerator, denominator }
}
