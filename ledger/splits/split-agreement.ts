import { type ExactLine, shareOverLines, sumExact } from '../../kernel/allocation.ts'
import { type ExactSum, exactSum } from '../../kernel/exact-sum.ts'
import type { Rational } from '../../kernel/rational.ts'
import type { FactRule, TermsVersion } from '../agreements/terms.ts'
import { type FactCase, keyOf } from './fact-case.ts'
import { limitBaseOf } from './limit-base.ts'
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
  /** Rules that matched a fact, by version of the terms and place. `given` says what a rule gets of a pool. */
  readonly decide: (given?: Given) => readonly RuleSplit[]
}

/** The agreement's part of a rule's pool, which was rounded over all partners; `undefined` for rules without one. */
export type Given = (rule: FactRule) => bigint | undefined

const NOTHING_GIVEN: Given = () => undefined

type Line = ExactLine & { readonly shared: boolean }
type GatheredRule = { readonly placed: PlacedRule<FactRule>; readonly lines: Line[] }
type GatheredTerms = {
  readonly terms: TermsVersion
  readonly rules: Map<number, GatheredRule>
  readonly sharedBase: ExactSum
}

/**
 * Splits the facts of one agreement and period among its rules: exact sums, caps and limits, one rounding for each rule,
 * and its total shared over its lines. Rules of another version of the terms are other rules, with that version's limits.
 * The order in which facts are added changes no amount. Source: RULES §1.
 */
export function gatherSplit(): SplitGatherer {
  const versions = new Map<number, GatheredTerms>()
  return {
    add: (fact, matches) => {
      for (const [terms, own] of matchesByTerms(matches)) addMatches(gatheredOf(versions, terms), fact, own)
    },
    decide: (given = NOTHING_GIVEN) =>
      [...versions.values()]
        .sort((a, b) => a.terms.version - b.terms.version)
        .flatMap((gathered) => splitTerms(gathered, given)),
  }
}

/** Mostly one version; another one where the opening of a window and its fact fall under different ones. */
function matchesByTerms(matches: readonly RuleMatch[]): ReadonlyMap<TermsVersion, readonly RuleMatch[]> {
  return Map.groupBy(matches, ({ placed }) => placed.terms)
}

function gatheredOf(versions: Map<number, GatheredTerms>, terms: TermsVersion): GatheredTerms {
  const gathered = versions.get(terms.version) ?? { terms, rules: new Map(), sharedBase: exactSum() }
  versions.set(terms.version, gathered)
  return gathered
}

function addMatches(gathered: GatheredTerms, fact: FactCase, matches: readonly RuleMatch[]): void {
  const rules = matches.map(({ placed }) => placed.rule)
  const base = matches.length > 1 ? limitBaseOf(fact, rules) : undefined
  if (base !== undefined) gathered.sharedBase.add(base)
  for (const { placed, exact } of matches) {
    const rule = gathered.rules.get(placed.place) ?? { placed, lines: [] }
    gathered.rules.set(placed.place, rule)
    rule.lines.push({ key: keyOf(fact), exact, shared: base !== undefined })
  }
}

function splitTerms({ terms, rules, sharedBase }: GatheredTerms, given: Given): readonly RuleSplit[] {
  const gathered = [...rules.values()].sort((a, b) => a.placed.place - b.placed.place)
  const sums = gathered.map((rule) => sumRule(rule, given))
  const totals = decideTotals(sums, sharedBase.value(), terms.terms.limits)
  return gathered.flatMap((rule, index) => {
    const sum = sums[index]
    const decided = totals[index]
    return sum && decided ? [splitRule(rule, sum, decided)] : []
  })
}

function sumRule({ placed, lines }: GatheredRule, given: Given): RuleSum {
  const shared = lines.filter((line) => line.shared)
  return {
    key: String(placed.place).padStart(6, '0'),
    exact: sumExact(lines),
    shared: shared.length === 0 ? undefined : sumExact(shared),
    cap: placed.rule.kind === 'TRAFFIC_UNIT_FEE' ? placed.rule.capPerPeriod : undefined,
    given: given(placed.rule),
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
