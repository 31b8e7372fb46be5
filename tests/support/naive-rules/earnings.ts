import type { Rule, Terms } from '../../../ledger/agreements/terms.ts'
import { apportionSigned } from './apportion.ts'
import type { Claim } from './claim.ts'
import { compare, type Fraction, floor, fraction, minus, NOUGHT, product, rate, round, sum } from './fraction.ts'
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
  /** What it gives, exactly, as far as caps and the limit have gone. */
  readonly exact: Fraction
  /** Whether one of them changed it. */
  readonly changed: boolean
}

/**
 * Rule's cap, limit over stacked rules, agreement's cap, then rounding. Rules of an earlier version, whose windows are
 * still open, stand under the limits of that version. Source: RULES §1 to §3.
 */
export function earningsOf(claims: readonly Claim[], versions: readonly Terms[]): readonly Earning[] {
  return versions.flatMap(({ version, limits }) =>
    earningsUnder(
      claims.filter(({ placed }) => placed.version === version),
      limits,
    ),
  )
}

function earningsUnder(claims: readonly Claim[], { maxSharePpm, capPerPeriod }: Terms['limits']): readonly Earning[] {
  const rules = [...Map.groupBy(claims, ({ placed }) => placed.rule).values()]
    .flatMap((own) => (own[0] === undefined ? [] : [gathered(own[0].placed, own)]))
    .sort((a, b) => a.placed.place - b.placed.place)
  const limited = maxSharePpm === undefined ? rules : limit(rules, maxSharePpm)
  const capped = capPerPeriod === undefined ? limited : cap(limited, capPerPeriod)
  return capped.map(earningOf)
}

function gathered(placed: Placed, claims: readonly Claim[]): Gathered {
  const exact = exactOf(claims)
  const most = 'capPerPeriod' in placed.rule ? placed.rule.capPerPeriod : undefined
  const changed = most !== undefined && compare(exact, fraction(most)) > 0
  return { placed, claims, exact: changed ? fraction(most) : exact, changed }
}

/** The facts that several rules share give no more than their part of the bases. */
function limit(rules: readonly Gathered[], maxSharePpm: bigint): readonly Gathered[] {
  const limitable = rules.flatMap(({ claims }) => claims).filter(({ base }) => base !== undefined)
  const claimants = Map.groupBy(limitable, ({ fact }) => fact)
  const shared = ({ base, fact }: Claim): boolean => base !== undefined && (claimants.get(fact)?.length ?? 0) > 1
  const bases = [...claimants.values()].flatMap((all) => (all.length > 1 ? (all[0]?.base ?? []) : []))
  const allowed = product(sum(bases), rate(maxSharePpm))
  const sharing = rules.filter(({ claims }) => claims.some(shared))
  const parts = sharing.map(({ claims }) => exactOf(claims.filter(shared)))
  if (compare(sum(parts), allowed) <= 0) return rules
  const given = apportionRules(floor(allowed), sharing, parts)
  return rules.map((rule) => {
    const place = sharing.indexOf(rule)
    if (place < 0) return rule
    const alone = minus(rule.exact, parts[place] ?? NOUGHT)
    return { ...rule, exact: sum([alone, fraction(given[place] ?? 0n)]), changed: true }
  })
}

function cap(rules: readonly Gathered[], most: bigint): readonly Gathered[] {
  const exacts = rules.map(({ exact }) => exact)
  if (compare(sum(exacts), fraction(most)) <= 0) return rules
  const given = apportionRules(most, rules, exacts)
  return rules.map((rule, place) => ({ ...rule, exact: fraction(given[place] ?? 0n), changed: true }))
}

function apportionRules(total: bigint, rules: readonly Gathered[], weights: readonly Fraction[]): readonly bigint[] {
  const parts = rules.map(({ placed: { place } }, at) => {
    return { key: [`${place}`.padStart(9, '0')], weight: weights[at] ?? NOUGHT }
  })
  return apportionSigned(total, parts)
}

/** Lines follow the total by their exact amounts. */
function earningOf({ placed, claims, exact, changed }: Gathered): Earning {
  const pooled = isPool(placed.rule) ? claims.map((claim) => claim.pooled ?? 0n) : undefined
  const uncapped = pooled?.reduce((all, minor) => all + minor, 0n) ?? round(exactOf(claims))
  const total = changed ? round(exact) : uncapped
  const parts = claims.map(({ key, exact: weight }) => ({ key, weight }))
  const minors = changed || pooled === undefined ? apportionSigned(total, parts) : pooled
  const lines = claims.map(({ fact }, at) => ({ fact, minor: minors[at] ?? 0n }))
  return { placed, exact, total, forgone: uncapped - total, lines }
}

function exactOf(claims: readonly Claim[]): Fraction {
  return sum(claims.map(({ exact }) => exact))
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
