import { type ExactLine, shareOverLines, sumExact } from '../../kernel/allocation.ts'
import { add, type Rational, rational } from '../../kernel/rational.ts'
import type { FactRule, TermsVersion } from '../agreements/terms.ts'
import { type FactCase, keyOf, limitBaseOf } from './fact-case.ts'
import { type Adjustment, decideTotals, type RuleSum, type RuleTotal } from './limits.ts'
import type { PlacedRule, RuleMatch } from './match-rules.ts'

/** What one rule gives one agreement in one period: the total, and the amount of each line. Σ amounts = total, always. */
export type RuleSplit = {
  readonly placed: PlacedRule
  /** Σ of the lines before caps and rounding. */
  readonly exact: Rational
  /** After caps and limits, before rounding. */
  readonly limited: Rational
  readonly total: bigint
  readonly forgone: bigint
  readonly adjustments: readonly Adjustment[]
  /** One for each line, in the order in which the facts were added. */
  readonly amounts: readonly bigint[]
}

/** Gathers the lines of one agreement and period; holds one small object for each line, never the facts. */
export type SplitGatherer = {
  readonly add: (fact: FactCase, matches: readonly RuleMatch[]) => void
  /** Rules that matched a fact, by version of the terms and place. */
  readonly decide: () => readonly RuleSplit[]
}

type Line = ExactLine & { readonly shared: boolean }
type GatheredRule = { readonly placed: PlacedRule<FactRule>; readonly lines: Line[] }
type GatheredTerms = { readonly terms: TermsVersion; readonly rules: Map<number, GatheredRule>; sharedBase: Rational }

/**
 * Splits the facts of one agreement and period among its rules: exact sums, caps and limits, one rounding for each rule,
 * and its total shared over its lines. Rules of another version of the terms are other rules, with that version's limits.
 * The order in which facts are added changes no amount. Source: RULES §1.
 */
export function gatherSplit(): SplitGatherer {
  const versions = new Map<number, GatheredTerms>()
  return {
    add: (fact, matches) => {
      const base = matches.length > 1 ? limitBaseOf(fact) : undefined
      for (const match of matches) addLine(versions, fact, match, base !== undefined)
      const first = matches[0]
      const gathered = first && versions.get(first.placed.terms.version)
      if (gathered && base) gathered.sharedBase = add(gathered.sharedBase, base)
    },
    decide: () => [...versions.values()].sort((a, b) => a.terms.version - b.terms.version).flatMap(splitTerms),
  }
}

function addLine(
  versions: Map<number, GatheredTerms>,
  fact: FactCase,
  { placed, exact }: RuleMatch,
  shared: boolean,
): void {
  const { terms, place } = placed
  const gathered = versions.get(terms.version) ?? {
    terms,
    rules: new Map<number, GatheredRule>(),
    sharedBase: rational(0n),
  }
  versions.set(terms.version, gathered)
  const rule = gathered.rules.get(place) ?? { placed, lines: [] }
  gathered.rules.set(place, rule)
  rule.lines.push({ key: keyOf(fact), exact, shared })
}

function splitTerms({ terms, rules, sharedBase }: GatheredTerms): readonly RuleSplit[] {
  const gathered = [...rules.values()].sort((a, b) => a.placed.place - b.placed.place)
  const sums = gathered.map(sumRule)
  const totals = decideTotals(sums, sharedBase, terms.terms.limits)
  return gathered.flatMap((rule, index) => {
    const sum = sums[index]
    const decided = totals[index]
    return sum && decided ? [splitRule(rule, sum, decided)] : []
  })
}

function sumRule({ placed, lines }: GatheredRule): RuleSum {
  const shared = lines.filter((line) => line.shared)
  return {
    key: String(placed.place).padStart(6, '0'),
    exact: sumExact(lines),
    shared: shared.length === 0 ? undefined : sumExact(shared),
    cap: placed.rule.kind === 'TRAFFIC_UNIT_FEE' ? placed.rule.capPerPeriod : undefined,
  }
}

function splitRule({ placed, lines }: GatheredRule, { exact }: RuleSum, decided: RuleTotal): RuleSplit {
  const { total, limited, forgone, adjustments } = decided
  return { placed, exact, limited, total, forgone, adjustments, amounts: amountsOf(lines, decided) }
}

/** Where the limit touched the part from shared facts, that part and the rest are apportioned apart. */
function amountsOf(lines: readonly Line[], { total, sharedTotal }: RuleTotal): readonly bigint[] {
  if (sharedTotal === undefined) return shareOverLines(total, lines)
  const shared = shareOverLines(
    sharedTotal,
    lines.filter((line) => line.shared),
  )
  const others = shareOverLines(
    total - sharedTotal,
    lines.filter((line) => !line.shared),
  )
  let sharedTaken = 0
  let othersTaken = 0
  return lines.map((line) => (line.shared ? shared[sharedTaken++] : others[othersTaken++]) ?? 0n)
}
