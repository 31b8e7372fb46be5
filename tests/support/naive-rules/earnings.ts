import type { Terms } from '../../../ledger/agreements/terms.ts'
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
  /** What it gives, exactly, as far as caps and the limit have gone. */
  readonly exact: Fraction
  /** Of that, what comes from facts that the limit touched. */
  readonly limited: readonly [claims: readonly Claim[], given: bigint] | undefined
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
  return { placed, claims, exact: changed ? fraction(most) : exact, limited: undefined, changed }
}

/** The facts that several rules share give no more than their part of the bases. */
function limit(rules: readonly Gathered[], maxSharePpm: bigint): readonly Gathered[] {
  const limitable = rules.flatMap(({ claims }) => claims).filter(({ base }) => base !== undefined)
  const claimants = Map.groupBy(limitable, ({ fact }) => fact)
  const shared = ({ base, fact }: Claim): boolean => base !== undefined && (claimants.get(fact)?.length ?? 0) > 1
  const bases = [...claimants.values()].flatMap((all) => (all.length > 1 ? (all[0]?.base ?? []) : []))
  const sharing = rules.filter(({ claims }) => claims.some(shared))
  const parts = sharing.map(({ claims }) => exactOf(claims.filter(shared)))
  const allowed = allowedOf(sum(parts), sum(bases), maxSharePpm)
  if (allowed === undefined) return rules
  const given = apportionRules(allowed, sharing, parts)
  return rules.map((rule) => {
    const place = sharing.indexOf(rule)
    if (place < 0) return rule
    const part = given[place] ?? 0n
    const exact = sum([minus(rule.exact, parts[place] ?? NOUGHT), fraction(part)])
    return { ...rule, exact, limited: [rule.claims.filter(shared), part], changed: true }
  })
}

/** The most that may be earned, where that is less; what is taken back is limited as what is given. */
function allowedOf(together: Fraction, base: Fraction, maxSharePpm: bigint): bigint | undefined {
  if (together.over < 0n) {
    const mirrored = allowedOf(minus(NOUGHT, together), minus(NOUGHT, base), maxSharePpm)
    return mirrored === undefined ? undefined : -mirrored
  }
  const most = base.over < 0n ? NOUGHT : product(base, rate(maxSharePpm))
  return compare(together, most) > 0 ? floor(most) : undefined
}

/** What the limit gave shrinks with the whole, rounded. */
function cap(rules: readonly Gathered[], most: bigint): readonly Gathered[] {
  const exacts = rules.map(({ exact }) => exact)
  if (compare(sum(exacts), fraction(most)) <= 0) return rules
  const given = apportionRules(most, rules, exacts)
  return rules.map((rule, place) => {
    const after = fraction(given[place] ?? 0n)
    const { limited, exact } = rule
    if (limited === undefined || exact.over === 0n) return { ...rule, exact: after, changed: true }
    const [claims, part] = limited
    return {
      ...rule,
      exact: after,
      limited: [claims, round(product(fraction(part), ratio(after, exact)))],
      changed: true,
    }
  })
}

function apportionRules(total: bigint, rules: readonly Gathered[], weights: readonly Fraction[]): readonly bigint[] {
  const parts = rules.map(({ placed: { place } }, at) => {
    return { key: [`${place}`.padStart(9, '0')], weight: weights[at] ?? NOUGHT }
  })
  return apportionSigned(total, parts)
}

/** Lines follow the total by their exact amounts: those that the limit touched have its part, the others the rest. */
function earningOf({ placed, claims, exact, limited, changed }: Gathered): Earning {
  const uncapped = uncappedOf(claims)
  const total = changed ? round(exact) : uncapped
  const [touched, part] = limited ?? [[], 0n]
  const others = claims.filter((claim) => !touched.includes(claim))
  const lines = [...linesOf(touched, part), ...linesOf(others, total - part)]
  return { placed, exact, total, forgone: uncapped - total, lines }
}

function linesOf(claims: readonly Claim[], total: bigint): readonly EarningLine[] {
  const parts = claims.map(({ key, exact: weight }) => ({ key, weight }))
  const minors = apportionSigned(total, parts)
  return claims.map(({ fact }, at) => ({ fact, minor: minors[at] ?? 0n }))
}

/** What a rule gives without caps and limits: of a pool the partner's part, without what an exclusive rule had before. */
function uncappedOf(claims: readonly Claim[]): bigint {
  const claimed = exactOf(claims)
  const pool = claims[0]?.pool
  if (pool === undefined) return round(claimed)
  const parts = [
    { key: ['claimed'], weight: claimed },
    { key: ['not'], weight: minus(pool.exact, claimed) },
  ]
  return apportionSigned(pool.share, parts)[0] ?? 0n
}

function exactOf(claims: readonly Claim[]): Fraction {
  return sum(claims.map(({ exact }) => exact))
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
