import { invariant } from '../../../kernel/invariant.ts'
import { type Rational, rational, reduce } from '../../../kernel/rational.ts'

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
