import type { Attribution } from '../../../ledger/agreements/terms.ts'
import { DAY } from './calendar.ts'
import { compare, type Fraction, fraction, minus, NOUGHT, ONE, product, ratio, sum } from './fraction.ts'

/** One touch of a path: who, and when. */
export type Touch = { readonly code: string; readonly at: number }

/** What a partner has, by its code. */
export type ByPartner = ReadonlyMap<string, Fraction>

/** The part of one conversion that each partner of its path has, by any model but `MARKOV`. Source: RULES §4. */
export function sharesOfPath(attribution: Attribution, path: readonly Touch[], at: number): ByPartner {
  const shares = new Map<string, Fraction>()
  for (const [place, weight] of weightsOf(attribution, path, at).entries()) {
    const { code = '' } = path[place] ?? {}
    shares.set(code, sum([shares.get(code) ?? NOUGHT, weight]))
  }
  return shares
}

function weightsOf(attribution: Attribution, path: readonly Touch[], at: number): readonly Fraction[] {
  const last = path.length - 1
  switch (attribution.model) {
    case 'FIRST':
      return path.map((_, place) => (place === 0 ? ONE : NOUGHT))
    case 'LAST':
      return path.map((_, place) => (place === last ? ONE : NOUGHT))
    case 'LINEAR':
      return path.map(() => fraction(1n, BigInt(path.length)))
    case 'POSITION':
      if (path.length <= 2) return path.map(() => fraction(1n, BigInt(path.length)))
      return path.map((_, place) =>
        place === 0 || place === last ? fraction(2n, 5n) : fraction(1n, 5n * BigInt(path.length - 2)),
      )
    case 'TIME_DECAY': {
      const weights = path.map((touch) => decayed(Math.floor((at - touch.at) / DAY), attribution.halfLifeDays))
      const all = weights.reduce((total, weight) => total + weight, 0n)
      if (all === 0n) return path.map((_, place) => (place === last ? ONE : NOUGHT))
      return weights.map((weight) => fraction(weight, all))
    }
    case 'SHAPLEY': {
      const members = BigInt(new Set(path.map(({ code }) => code)).size)
      const firsts = path.map(({ code }, place) => path.findIndex((touch) => touch.code === code) === place)
      return firsts.map((first) => (first ? fraction(1n, members) : NOUGHT))
    }
    case 'MARKOV':
      throw new Error('a model of the period has no share of one path')
  }
}

const roots = new Map<string, bigint>()

/** The largest whole w with w^halfLife ≤ 2^(32·halfLife − age), found by trying bit after bit. */
function decayed(age: number, halfLife: number): bigint {
  if (age > 32 * halfLife) return 0n
  const known = roots.get(`${age}/${halfLife}`)
  if (known !== undefined) return known
  const limit = 2n ** BigInt(32 * halfLife - age)
  let root = 0n
  for (let bit = 32n; bit >= 0n; bit--) if ((root + 2n ** bit) ** BigInt(halfLife) <= limit) root += 2n ** bit
  roots.set(`${age}/${halfLife}`, root)
  return root
}

/** The journey of one customer: who touched it, oldest first, and whether it ended in a conversion. */
export type Journey = { readonly codes: readonly string[]; readonly converted: boolean }

const START = ' start'
const CONVERSION = ' conversion'

/** Removal effects, 1 − P(conversion without the partner) / P(conversion); none without a conversion. Source: RULES §4. */
export function removalEffects(journeys: readonly Journey[]): ByPartner {
  const partners = [...new Set(journeys.flatMap(({ codes }) => codes))]
  const steps = new Map<string, string[]>()
  for (const { codes, converted } of journeys) {
    const places = [START, ...codes, converted ? CONVERSION : ' nothing']
    for (const [index, place] of places.slice(0, -1).entries()) {
      const next = steps.get(place) ?? []
      steps.set(place, next)
      next.push(places[index + 1] ?? '')
    }
  }
  const whole = chance(partners, steps)
  if (whole.over === 0n) return new Map()
  return new Map(
    partners.map((removed) => {
      const others = partners.filter((code) => code !== removed)
      return [removed, minus(ONE, ratio(chance(others, steps), whole))] as const
    }),
  )
}

/** The chance of a conversion from the start; what leads elsewhere than to one of the partners or to it is lost. */
function chance(partners: readonly string[], steps: ReadonlyMap<string, readonly string[]>): Fraction {
  const places = [START, ...partners]
  const step = (from: string, to: string): Fraction => {
    const all = steps.get(from) ?? []
    return all.length === 0 ? NOUGHT : fraction(BigInt(all.filter((next) => next === to).length), BigInt(all.length))
  }
  // x = steps·x + conversion, so (1 − steps)·x = conversion
  const rows = places.map((from) => [
    ...places.map((to) => minus(from === to ? ONE : NOUGHT, step(from, to))),
    step(from, CONVERSION),
  ])
  return solve(rows)[0] ?? NOUGHT
}

/** Gauss and Jordan. */
function solve(given: readonly (readonly Fraction[])[]): readonly Fraction[] {
  let rows = given
  for (const column of given.keys()) {
    const pivot = rows.findIndex((row, place) => place >= column && compare(row[column] ?? NOUGHT, NOUGHT) !== 0)
    const found = rows[pivot]
    const moved = rows[column]
    if (found === undefined || moved === undefined) throw new Error('the chances have no single solution')
    const unit = found.map((value) => ratio(value, found[column] ?? ONE))
    rows = rows
      .map((row, place) => (place === column ? unit : place === pivot ? moved : row))
      .map((row, place) => {
        const factor = row[column] ?? NOUGHT
        return place === column ? row : row.map((value, at) => minus(value, product(factor, unit[at] ?? NOUGHT)))
      })
  }
  return rows.map((row) => row.at(-1) ?? NOUGHT)
}
