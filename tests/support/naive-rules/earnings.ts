import type { Rule, Terms } from '../../../ledger/agreements/terms.ts'
import { apportionSigned } from './apportion.ts'
import type { Claim } from './claim.ts'
import { compare, type Fraction, floor, fraction, minus, NOUGHT, product, rate, ratio, round, sum } from './fraction.ts'
import type { Placed } from './world.ts'

/** What one rule gives an agreement in a month, after caps and the limit. */
export type Earning = {
  readonly placed: Placed
  /** Before rounding: what an override is counted from. */
  readonly exact: Fraction
  readonly total: bigint
  readonly forgone: bigint
  readonly lines: readonly EarningLine[]
}

export type EarningLine = { readonly fact: string; readonly minor: bigint }

/** One rule with what it claims, as caps and the limit go over it. */
type Gathered = {
  readonly placed: Placed
  readonly claims: readonly Claim[]
  /** In the order of the claims. */
  readonly exacts: readonly Fraction[]
  /** A whole amount that was decided; none while the exact amounts decide. */
  readonly decided: bigint | undefined
}

/** Rule's cap, limit over stacked rules, agreement's cap, then rounding. Source: RULES §1 and §3. */
export function earningsOf(
  claims: readonly Claim[],
  { maxSharePpm, capPerPeriod }: Terms['limits'],
): readonly Earning[] {
  const rules = [...Map.groupBy(claims, ({ placed }) => placed.rule).values()]
    .flatMap((own) => {
      const [first] = own
      return first === undefined ? [] : [gathered(first.placed, own)]
    })
    .sort((a, b) => a.placed.version - b.placed.version || a.placed.place - b.placed.place)
  const limited = maxSharePpm === undefined ? rules : limit(rules, maxSharePpm)
  const capped = capPerPeriod === undefined ? limited : cap(limited, capPerPeriod)
  return capped.map(earningOf)
}

function gathered(placed: Placed, claims: readonly Claim[]): Gathered {
  const exacts = claims.map(({ exact }) => exact)
  const most = 'capPerPeriod' in placed.rule ? placed.rule.capPerPeriod : undefined
  const over = most !== undefined && compare(sum(exacts), fraction(most)) > 0
  return over
    ? scaled({ placed, claims, exacts, decided: undefined }, most)
    : { placed, claims, exacts, decided: undefined }
}

/** A rule whose total was decided: its lines have it in proportion. */
function scaled(rule: Gathered, total: bigint): Gathered {
  const all = sum(rule.exacts)
  const exacts = rule.exacts.map((exact) => product(fraction(total), ratio(exact, all)))
  return { ...rule, exacts: all.over === 0n ? rule.exacts : exacts, decided: total }
}

/** The facts that several rules share give no more than their part of the bases. */
function limit(rules: readonly Gathered[], maxSharePpm: bigint): readonly Gathered[] {
  const limitable = rules.flatMap(({ claims }) => claims).filter(({ base }) => base !== undefined)
  const claimants = Map.groupBy(limitable, ({ fact }) => fact)
  const shared = (claim: Claim): boolean => claim.base !== undefined && (claimants.get(claim.fact)?.length ?? 0) > 1
  const bases = [...claimants.values()].flatMap((all) => (all.length > 1 ? (all[0]?.base ?? []) : []))
  const allowed = product(sum(bases), rate(maxSharePpm))
  const parts = rules.map(({ claims, exacts }) => sum(exacts.filter((_, at) => claims[at] && shared(claims[at]))))
  if (compare(sum(parts), allowed) <= 0) return rules
  const given = apportionRules(floor(allowed), rules, parts)
  return rules.map((rule, place) => {
    const part = parts[place] ?? NOUGHT
    if (!rule.claims.some(shared)) return rule
    const factor = part.over === 0n ? NOUGHT : ratio(fraction(given[place] ?? 0n), part)
    const exacts = rule.exacts.map((exact, at) => {
      const claim = rule.claims[at]
      return claim && shared(claim) ? product(exact, factor) : exact
    })
    return { ...rule, exacts, decided: round(sum(exacts)) }
  })
}

function cap(rules: readonly Gathered[], most: bigint): readonly Gathered[] {
  const sums = rules.map(({ exacts }) => sum(exacts))
  if (compare(sum(sums), fraction(most)) <= 0) return rules
  const given = apportionRules(most, rules, sums)
  return rules.map((rule, place) => scaled(rule, given[place] ?? 0n))
}

function apportionRules(total: bigint, rules: readonly Gathered[], weights: readonly Fraction[]): readonly bigint[] {
  const keyOf = ({ version, place }: Placed): string => `${version}`.padStart(9, '0') + `${place}`.padStart(9, '0')
  const parts = rules.map(({ placed }, at) => ({ key: [keyOf(placed)], weight: weights[at] ?? NOUGHT }))
  return apportionSigned(total, parts)
}

function earningOf({ placed, claims, exacts, decided }: Gathered): Earning {
  const pooled = claims.map(({ pooled }) => pooled).filter((minor) => minor !== undefined)
  const whole = sum(claims.map(({ exact }) => exact))
  const uncapped = isPool(placed.rule) ? pooled.reduce((all, minor) => all + minor, 0n) : round(whole)
  const total = decided ?? uncapped
  const parts = claims.map(({ key }, at) => ({ key, weight: exacts[at] ?? NOUGHT }))
  const minors = decided === undefined && isPool(placed.rule) ? pooled : apportionSigned(total, parts)
  const lines = claims.map(({ fact }, at) => ({ fact, minor: minors[at] ?? 0n }))
  return { placed, exact: sum(exacts), total, forgone: uncapped - total, lines }
}

function isPool({ kind }: Rule): boolean {
  return kind === 'POOL_SPLIT' || kind === 'DATA_CONVERSION'
}

/** A rule whose lines are no facts: what others earned, or what is lacking. */
export function earningOfLines(
  placed: Placed,
  exacts: readonly { readonly fact: string; readonly exact: Fraction }[],
): Earning {
  const all = sum(exacts.map(({ exact }) => exact))
  const minors = apportionSigned(
    round(all),
    exacts.map(({ fact, exact }) => ({ key: [fact], weight: exact })),
  )
  const lines = exacts.map(({ fact }, at) => ({ fact, minor: minors[at] ?? 0n }))
  return { placed, exact: all, total: round(all), forgone: 0n, lines }
}

/** a − b, but not below nought. */
export function lacking(a: bigint, b: bigint): Fraction {
  const missing = minus(fraction(a), fraction(b))
  return missing.over > 0n ? missing : NOUGHT
}
