import { type ExactLine, shareOverLines } from '../../kernel/allocation.ts'
import { compareKeys } from '../../kernel/compare-keys.ts'
import { type ExactSum, exactSum } from '../../kernel/exact-sum.ts'
import { add, multiply, PPM, type Rational, round } from '../../kernel/rational.ts'
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

/** Gathers the pools of one period; holds two sums for each rule and holder. */
export type PoolGatherer = {
  readonly add: (part: PoolPart) => void
  /** What each holder gets of each pool, in whole minor units. */
  readonly decide: () => ReadonlyMap<PoolRule, ReadonlyMap<string, bigint>>
}

/** What was added for one holder: what it gets, and what stays with the house. */
type Sums = { readonly code: string; readonly claimed: ExactSum; readonly unclaimed: ExactSum }

/** Whom the shares name for what nobody claims. */
const HOUSE = ''

/**
 * The pool of (rule, period) is rounded once; the house takes its part of that, rounded down in size; the rest is shared over
 * the holders by exact amounts, ties by the partner's code. Only then is a holder's share parted into what it claims and
 * what stays with the house, so that nobody else's changes by it. Source: RULES §3 and §4.
 */
export function gatherPools(): PoolGatherer {
  const pools = new Map<PoolRule, Map<string, Sums>>()
  return {
    add: ({ rule, holder, code, gross, claimed }) => {
      const holders = pools.get(rule) ?? new Map<string, Sums>()
      pools.set(rule, holders)
      const sums = holders.get(holder) ?? { code, claimed: exactSum(), unclaimed: exactSum() }
      holders.set(holder, sums)
      sums[claimed ? 'claimed' : 'unclaimed'].add(gross)
    },
    decide: () => new Map([...pools].map(([rule, holders]) => [rule, sharesOf(rule, holders)])),
  }
}

function sharesOf(rule: PoolRule, holders: ReadonlyMap<string, Sums>): ReadonlyMap<string, bigint> {
  const left = leftByHouse(rule)
  const gross = exactSum()
  const parts = [...holders].map(([holder, { code, claimed, unclaimed }]) => {
    const [own, house] = [claimed.value(), unclaimed.value()]
    const both = add(own, house)
    gross.add(both)
    const sides = [own, house].map((side, place) => ({ key: `${place}`, exact: multiply(side, left) }))
    return { holder, key: code, exact: multiply(both, left), sides }
  })
  const pool = round(gross.value())
  const first = rule.kind === 'POOL_SPLIT' ? (pool * rule.housePpm) / PPM : 0n
  parts.sort((a, b) => compareKeys(a.key, b.key))
  const amounts = amountsOf(pool - first, parts)
  const shares = new Map<string, bigint>()
  let kept = 0n
  for (const [place, { holder, sides }] of parts.entries()) {
    const [own = 0n, house = 0n] = amountsOf(amounts[place] ?? 0n, sides)
    shares.set(holder, own)
    kept += house
  }
  if (kept !== 0n) shares.set(HOUSE, kept)
  return shares
}

/** Nothing but zeros share nothing. */
function amountsOf(rest: bigint, parts: readonly ExactLine[]): readonly bigint[] {
  return parts.every(({ exact }) => exact.numerator === 0n) ? parts.map(() => 0n) : shareOverLines(rest, parts)
}
