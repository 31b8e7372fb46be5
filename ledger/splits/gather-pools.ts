import { compareKeys, type ExactLine, shareOverLines } from '../../kernel/allocation.ts'
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

type Pool = { whole: Rational; unclaimed: Rational; readonly claims: Map<string, Claim> }
type Claim = { readonly code: string; exact: Rational }

/** Below every code: what nobody claims has no part in ties before those who claim. */
const HOUSE = ''

/**
 * The pool of (rule, period) is rounded once; the house takes its part of that, rounded down in size, and what nobody
 * claims; the rest is shared by exact amounts, ties by the partner's code. Source: RULES §3 and §4.
 */
export function gatherPools(): PoolGatherer {
  const pools = new Map<PoolRule, Pool>()
  return {
    add: ({ rule, holder, code, gross, claimed }) => {
      const pool = pools.get(rule) ?? { whole: rational(0n), unclaimed: rational(0n), claims: new Map() }
      pools.set(rule, pool)
      pool.whole = reduce(add(pool.whole, gross))
      if (!claimed) {
        pool.unclaimed = reduce(add(pool.unclaimed, gross))
        return
      }
      const claim = pool.claims.get(holder) ?? { code, exact: rational(0n) }
      pool.claims.set(holder, claim)
      claim.exact = reduce(add(claim.exact, gross))
    },
    decide: () => new Map([...pools].map(([rule, pool]) => [rule, sharesOf(rule, pool)])),
  }
}

function sharesOf(rule: PoolRule, { whole, unclaimed, claims }: Pool): ReadonlyMap<string, bigint> {
  const pool = round(whole)
  const left = leftByHouse(rule)
  const house = rule.kind === 'POOL_SPLIT' ? (pool * rule.housePpm) / PPM : 0n
  const holders = [...claims].map(([holder, { code, exact }]) => ({
    ...{ holder, key: code },
    exact: multiply(exact, left),
  }))
  if (unclaimed.numerator !== 0n) holders.push({ holder: HOUSE, key: HOUSE, exact: multiply(unclaimed, left) })
  holders.sort((a, b) => compareKeys(a.key, b.key))
  const parts = sharesOfRest(pool - house, holders)
  return new Map(holders.map(({ holder }, index) => [holder, parts[index] ?? 0n]))
}

/** Nothing but zeros share nothing. */
function sharesOfRest(rest: bigint, holders: readonly ExactLine[]): readonly bigint[] {
  return holders.every(({ exact }) => exact.numerator === 0n) ? holders.map(() => 0n) : shareOverLines(rest, holders)
}
