import { invariant } from '../../../kernel/invariant.ts'
import { add, type Rational, rational, reduce } from '../../../kernel/rational.ts'

/** What the conversions of one set of partners were worth. `members` are distinct. */
export type SetValue = { readonly members: readonly string[]; readonly value: bigint }

/**
 * Shapley values of the game in which a coalition is worth the conversions whose partners it holds all of: each set's
 * value, in equal parts to its members. Source: RULES §4.
 */
export function shapleyOfSets(sets: readonly SetValue[]): ReadonlyMap<string, Rational> {
  const values = new Map<string, Rational>()
  for (const { members, value } of sets) {
    const part = rational(value, BigInt(Math.max(members.length, 1)))
    for (const member of members) values.set(member, reduce(add(values.get(member) ?? rational(0n), part)))
  }
  return values
}

const MOST_PLAYERS = 18

/**
 * Shapley values of any game of up to 18 players: `worth` is asked once for each coalition, given as the bits of its
 * members' places. Exact: `Σ |S|!·(n−|S|−1)!/n! · (v(S ∪ i) − v(S))`. For analysis and tests; its cost doubles with each
 * player.
 */
export function shapleyOfGame(players: number, worth: (coalition: number) => bigint): readonly Rational[] {
  invariant(Number.isInteger(players) && players >= 0 && players <= MOST_PLAYERS, 'a game has at most 18 players')
  const worths = Array.from({ length: 2 ** players }, (_, coalition) => worth(coalition))
  const weights = Array.from({ length: players }, (_, size) => factorial(size) * factorial(players - size - 1))
  return Array.from({ length: players }, (_, player) => {
    const gains = worths.map((before, coalition) => {
      const joined = coalition | (1 << player)
      return joined === coalition ? 0n : ((worths[joined] ?? 0n) - before) * (weights[sizeOf(coalition)] ?? 0n)
    })
    return reduce(
      rational(
        gains.reduce((sum, gain) => sum + gain, 0n),
        factorial(players),
      ),
    )
  })
}

function sizeOf(coalition: number): number {
  let size = 0
  for (let rest = coalition; rest > 0; rest &= rest - 1) size += 1
  return size
}

function factorial(n: number): bigint {
  let product = 1n
  for (let factor = 2; factor <= n; factor++) product *= BigInt(factor)
  return product
}
