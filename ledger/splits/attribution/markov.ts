import { invariant } from '../../../kernel/invariant.ts'
import { type Rational, rational, reduce } from '../../../kernel/rational.ts'
import { solveExactly } from './solve-exactly.ts'

/** Journeys over the same touches: partners, oldest first, a repeated touch each time; how many ended in a conversion. */
export type Journeys = {
  readonly touches: readonly string[]
  readonly conversions: number
  readonly withoutConversion: number
}

/** Counted transitions from one state: to the other states, by their places, and how often to a conversion. */
type State = { readonly next: Map<number, bigint>; converted: bigint; left: bigint }

const START = 0

/**
 * Removal effects of a first-order Markov chain over touches with a start, a conversion and an end without one:
 * `1 − P(conversion without the partner)/P(conversion)`, exactly. Transitions into a removed partner are lost. Without a
 * conversion there are no effects. Source: RULES §4.
 */
export function removalEffects(journeys: readonly Journeys[]): ReadonlyMap<string, Rational> {
  const partners = [...new Set(journeys.flatMap(({ touches }) => touches))]
  const places = new Map(partners.map((partner, index) => [partner, index + 1]))
  const states = countTransitions(journeys, places)
  const whole = conversionProbability(states, undefined)
  if (whole.numerator === 0n) return new Map()
  return new Map(
    partners.map((partner) => {
      const without = conversionProbability(states, places.get(partner))
      const kept = rational(without.numerator * whole.denominator, without.denominator * whole.numerator)
      return [partner, reduce(rational(kept.denominator - kept.numerator, kept.denominator))]
    }),
  )
}

function countTransitions(journeys: readonly Journeys[], places: ReadonlyMap<string, number>): readonly State[] {
  const states = Array.from({ length: places.size + 1 }, (): State => ({ next: new Map(), converted: 0n, left: 0n }))
  for (const { touches, conversions, withoutConversion } of journeys) {
    const times = BigInt(conversions + withoutConversion)
    let state = stateAt(states, START)
    for (const touch of touches) {
      const place = places.get(touch) ?? START
      state.next.set(place, (state.next.get(place) ?? 0n) + times)
      state.left += times
      state = stateAt(states, place)
    }
    state.converted += BigInt(conversions)
    state.left += times
  }
  return states
}

function stateAt(states: readonly State[], place: number): State {
  const state = states[place]
  invariant(state, 'every touch has a state')
  return state
}

/**
 * The probability to convert from the start: the x of `left·x = Σ next·x' + converted`, whose unknowns are all states but
 * the removed one. Every state is left for good at some time, so the equations have one solution.
 */
function conversionProbability(states: readonly State[], removed: number | undefined): Rational {
  const kept = states.flatMap(({ left }, place) => (place === removed || left === 0n ? [] : [place]))
  if (kept[0] !== START) return rational(0n)
  const matrix = kept.map((row) => {
    const { next, left } = stateAt(states, row)
    return kept.map((column) => (row === column ? left : 0n) - (next.get(column) ?? 0n))
  })
  const [start] = solveExactly(
    matrix,
    kept.map((place) => stateAt(states, place).converted),
  )
  invariant(start, 'the start is the first unknown')
  return start
}
