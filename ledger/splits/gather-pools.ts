import { compareKeys, type ExactLine, shareOverLines, sumExact } from '../../kernel/allocation.ts'
import { add, multiply, PPM, type Rational, rational, reduce, round } from '../../kernel/rational.ts'
import { leftByHouse, type PoolRule } from './pool-rule.ts'

/** A part of a pool that one conversion gives a partner, before the house has its part. */
export type PoolPart = {
  readonly rule: PoolRule
  /** The agreement whose line it is, and its partner's code, by which ties are broken. */
  readonly holder: string
  readonly code: string
  readonly gross: Rational
  /** Whether the partner gets it: not where an earlier rule had the fact for itself, or where it earns nothing now. */
  readonly claimed: boolean
}

/** Gathers the pools of one period; holds one sum for each rule and holder. */
export type PoolGatherer = {
  readonly add: (part: PoolPart) => void
  /** What each holder gets of each pool, in whole minor units. */
  readonly decide: () => ReadonlyMap<PoolRule, ReadonlyMap<string, bigint>>
}

/** What was added for one holder; what it does not get is a part of its own, so that nobody else's changes by it. */
type Part = { readonly holder: string; readonly key: string; readonly claimed: boolean; exact: Rational }

/** Whom the shares name for what nobody claims. */
const HOUSE = ''

/**
 * The pool of (rule, period) is rounded once; the house takes its part of that, rounded down in size; the rest is shared by
 * exact amounts, ties by the partner's code. What nobody claims is shared like all else, and the house's too.
 * Source: RULES §3 and §4.
 */
export function gatherPools(): PoolGatherer {
  const pools = new Map<PoolRule, Map<string, Part>>()
  return {
    add: ({ rule, holder, code, gross, claimed }) => {
      const parts = pools.get(rule) ?? new Map<string, Part>()
      pools.set(rule, parts)
      const name = `${holder}/${claimed}`
      const part = parts.get(name) ?? { holder, key: `${code}\u0000${claimed ? 0 : 1}`, claimed, exact: rational(0n) }
      parts.set(name, part)
      part.exact = reduce(add(part.exact, gross))
    },
    decide: () => new Map([...pools].map(([rule, parts]) => [rule, sharesOf(rule, [...parts.values()])])),
  }
}

function sharesOf(rule: PoolRule, gross: readonly Part[]): ReadonlyMap<string, bigint> {
  const pool = round(sumExact(gross))
  const house = rule.kind === 'POOL_SPLIT' ? (pool * rule.housePpm) / PPM : 0n
  const left = leftByHouse(rule)
  const parts = gross.map((part) => ({ ...part, exact: multiply(part.exact, left) }))
  parts.sort((a, b) => compareKeys(a.key, b.key))
  const amounts = amountsOf(pool - house, parts)
  const shares = new Map<string, bigint>()
  for (const [place, { holder, claimed }] of parts.entries()) {
    const whose = claimed ? holder : HOUSE
    shares.set(whose, (shares.get(whose) ?? 0n) + (amounts[place] ?? 0n))
  }
  return shares
}

/** Nothing but zeros share nothing. */
function amountsOf(rest: bigint, parts: readonly ExactLine[]): readonly bigint[] {
  return parts.every(({ exact }) => exact.numerator === 0n) ? parts.map(() => 0n) : shareOverLines(rest, parts)
}
