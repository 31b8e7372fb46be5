import { compare, type Fraction, floor, fraction, minus, NOUGHT, product, ratio, round, size, sum } from './fraction.ts'

/** Who has a part: its weight, and the keys that break ties, one after the other. */
export type Part = { readonly key: readonly string[]; readonly weight: Fraction }

/** Bytewise by the first key that differs. */
export function compareKeys(a: readonly string[], b: readonly string[]): number {
  for (const [place, text] of a.entries()) {
    const order = Buffer.compare(Buffer.from(text), Buffer.from(b[place] ?? ''))
    if (order !== 0) return order
  }
  return 0
}

/** Largest remainder, ties to the smaller key, the sign at the end. Source: RULES §1. */
export function apportion(total: bigint, parts: readonly Part[]): readonly bigint[] {
  if (total === 0n) return parts.map(() => 0n)
  const all = sum(parts.map(({ weight }) => weight))
  const exact = parts.map(({ weight }) => product(fraction(size(total)), ratio(weight, all)))
  const shares = exact.map(floor)
  const order = parts
    .map(({ key }, place) => ({ key, place, rest: minus(exact[place] ?? NOUGHT, fraction(shares[place] ?? 0n)) }))
    .sort((a, b) => compare(b.rest, a.rest) || compareKeys(a.key, b.key))
  const left = size(total) - shares.reduce((given, share) => given + share, 0n)
  for (const { place } of order.slice(0, Number(left))) shares[place] = (shares[place] ?? 0n) + 1n
  return shares.map((share) => (total < 0n ? -share : share))
}

/** Shares a total over amounts of both signs: the negative ones as a group of their own. Source: RULES §1. */
export function apportionSigned(total: bigint, parts: readonly Part[]): readonly bigint[] {
  const below = parts.filter(({ weight }) => weight.over < 0n)
  const above = parts.filter(({ weight }) => weight.over > 0n)
  if (below.length === 0 && above.length === 0) return parts.map(() => 0n)
  const negative = above.length === 0 ? total : round(sum(below.map(({ weight }) => weight)))
  const shares = new Map<Part, bigint>()
  for (const [group, part] of [
    [below, below.length === 0 ? 0n : negative],
    [above, below.length === 0 ? total : total - negative],
  ] as const) {
    const sizes = group.map(({ key, weight }) => ({ key, weight: fraction(size(weight.over), weight.under) }))
    for (const [place, share] of apportion(part, sizes).entries()) {
      const one = group[place]
      if (one) shares.set(one, share)
    }
  }
  return parts.map((part) => shares.get(part) ?? 0n)
}
