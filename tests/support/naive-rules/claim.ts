import type { Fraction } from './fraction.ts'
import type { PoolShare } from './pools.ts'
import type { Placed } from './world.ts'

/** What one rule gives one agreement for one fact. */
export type Claim = {
  readonly placed: Placed
  /** The fact, within the agreement; what several rules claim is shared among them. */
  readonly fact: string
  /** Breaks ties among the lines of a rule. */
  readonly key: readonly string[]
  readonly exact: Fraction
  /** What the limit over stacked rules is counted from; none where it does not limit. */
  readonly base?: Fraction
  /** The partner's part of the pool that this is a part of. */
  readonly pool?: PoolShare
}

/** Goes through rules in their order, and stops behind an exclusive one that matches. */
export function walk<P extends Placed>(rules: readonly P[], claim: (placed: P) => Claim | undefined): readonly Claim[] {
  const claims: Claim[] = []
  for (const placed of rules) {
    const one = claim(placed)
    if (one === undefined) continue
    claims.push(one)
    if ('exclusive' in placed.rule && placed.rule.exclusive) break
  }
  return claims
}
