/** How many usual deviations are far. */
const DEVIATIONS = 6
/** The median absolute deviation times this is the standard deviation of what is normally distributed. */
const MAD_TO_SIGMA = 1.4826

/** The middle value; of an even number of values the mean of the two in the middle; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  const upper = sorted[half] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2
}

/** The usual deviation from the median, whatever a minority of the values is; as a standard deviation. */
export function spread(values: readonly number[]): number {
  const middle = median(values)
  return MAD_TO_SIGMA * median(values.map((value) => Math.abs(value - middle)))
}

/**
 * The most that is still ordinary after these values: never below the floor, `factor` times their median, nor six usual
 * deviations above it. A count deviates by the root of itself at least. Up to half of the values may be anything without
 * moving it beyond what the others allow. With fewer than `least` values there is no past, and the floor alone counts.
 */
export function allowedAfter(
  past: readonly number[],
  { floor, factor, least = 3 }: { readonly floor: number; readonly factor: number; readonly least?: number },
): number {
  if (past.length < least) return floor
  const middle = median(past)
  return Math.max(floor, factor * middle, middle + DEVIATIONS * Math.max(spread(past), Math.sqrt(middle)))
}

/** The largest value but one; 0 of fewer than two. */
export function secondLargest(values: readonly number[]): number {
  return values.toSorted((a, b) => b - a)[1] ?? 0
}
