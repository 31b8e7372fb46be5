import { performance } from 'node:perf_hooks'

/** Options from the command line: `--rows 1000` and `--rows=1000` give a text, `--quick` alone gives `true`. */
export type BenchOptions = Readonly<Record<string, string | true>>

/**
 * One thing measured beside its peer on the same machine. `ratio` is ours / peer, whichever of the two is better;
 * `holds` says whether it reaches the target.
 */
export type BenchResult = {
  readonly name: string
  readonly ours: number
  readonly peer: number
  readonly unit: string
  readonly ratio: number
  readonly target: number
  readonly holds: boolean
}

export type Comparison = {
  readonly name: string
  readonly ours: number
  readonly peer: number
  readonly unit: string
  readonly target: number
  readonly better: 'higher' | 'lower'
}

/**
 * Judges ours beside the peer's: where higher is better, ours / peer must be at least the target, else at most.
 * Throws a `RangeError` when a measurement is not a positive number, since no ratio could be trusted.
 */
export function compare({ name, ours, peer, unit, target, better }: Comparison): BenchResult {
  for (const value of [ours, peer]) {
    if (!(Number.isFinite(value) && value > 0)) throw new RangeError(`${name}: ${value} is no measurement`)
  }
  const ratio = ours / peer
  const holds = better === 'higher' ? ratio >= target : ratio <= target
  return { name, ours, peer, unit, ratio, target, holds }
}

/** Runs `work` once and returns how many seconds it took; says so on standard error, where it is in nobody's way. */
export async function measure(label: string, work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  const seconds = (performance.now() - start) / 1000
  console.error(`${label}: ${seconds.toFixed(3)} s`)
  return seconds
}

/** A whole number from the options, or `fallback` when it is not given. Throws a `RangeError` for anything else. */
export function numberOption(options: BenchOptions, name: string, fallback: number): number {
  const given = options[name]
  if (given === undefined) return fallback
  const value = given !== true && /^\d+$/.test(given) ? Number(given) : Number.NaN
  if (!Number.isSafeInteger(value)) throw new RangeError(`--${name} takes a whole number, not ${given}`)
  return value
}
