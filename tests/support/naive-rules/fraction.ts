/** An exact number, the denominator positive; in lowest terms, unless that has more digits than are worth the search. */
export type Fraction = { readonly over: bigint; readonly under: bigint }

const LONGEST = 10n ** 300n

/** over / under. */
export function fraction(over: bigint, under = 1n): Fraction {
  if (under === 0n) throw new Error('nothing is divided by nought')
  const sign = under < 0n ? -1n : 1n
  const common = size(under) > LONGEST ? 1n : divisor(size(over), size(under))
  return { over: (sign * over) / common, under: (sign * under) / common }
}

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b)
}

/** The largest of some whole numbers. */
export function largest([first = 0n, ...others]: readonly bigint[]): bigint {
  let most = first
  for (const other of others) if (other > most) most = other
  return most
}

/** The size of a whole number, without its sign. */
export function size(value: bigint): bigint {
  return value < 0n ? -value : value
}

export const NOUGHT = fraction(0n)
export const ONE = fraction(1n)

/** A rate in parts per million. */
export function rate(ppm: bigint): Fraction {
  return fraction(ppm, 1_000_000n)
}

/** The sum of all of them: those of one denominator first, then halves, so that long numbers meet but a few times. */
export function sum(values: readonly Fraction[]): Fraction {
  const numerators = new Map<bigint, bigint>()
  for (const { over, under } of values) numerators.set(under, (numerators.get(under) ?? 0n) + over)
  return halved([...numerators].map(([under, over]) => fraction(over, under)))
}

function halved(values: readonly Fraction[]): Fraction {
  const [a = NOUGHT, b] = values
  if (b === undefined) return a
  if (values.length === 2) return fraction(a.over * b.under + b.over * a.under, a.under * b.under)
  const middle = values.length >> 1
  return sum([halved(values.slice(0, middle)), halved(values.slice(middle))])
}

/** The product of all of them. */
export function product(...values: readonly Fraction[]): Fraction {
  return values.reduce((all, { over, under }) => fraction(all.over * over, all.under * under), ONE)
}

/** a − b. */
export function minus(a: Fraction, b: Fraction): Fraction {
  return sum([a, fraction(-b.over, b.under)])
}

/** a / b. */
export function ratio(a: Fraction, b: Fraction): Fraction {
  return fraction(a.over * b.under, a.under * b.over)
}

/** Below nought when a < b, above when a > b. */
export function compare(a: Fraction, b: Fraction): number {
  const difference = minus(a, b).over
  return difference === 0n ? 0 : difference < 0n ? -1 : 1
}

/** The largest whole number that is not above. */
export function floor({ over, under }: Fraction): bigint {
  const whole = over / under
  return over < 0n && whole * under !== over ? whole - 1n : whole
}

/** Half to even, the same in both signs. Source: RULES §1. */
export function round(value: Fraction): bigint {
  if (value.over < 0n) return -round(fraction(-value.over, value.under))
  const below = floor(value)
  const above = compare(minus(value, fraction(below)), fraction(1n, 2n))
  return above > 0 || (above === 0 && below % 2n === 1n) ? below + 1n : below
}
