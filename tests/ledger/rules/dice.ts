/** Chance that can be had again: everything follows from the seed. */
export type Dice = {
  /** A whole number, both bounds inclusive. */
  readonly from: (least: number, most: number) => number
  /** Whether something happens that happens so many times in a hundred. */
  readonly chance: (percent: number) => boolean
  readonly pick: <T>(list: readonly [T, ...T[]] | readonly T[]) => T
  /** Something, or nothing, as often. */
  readonly maybe: <T>(list: readonly T[]) => T | undefined
  readonly shuffled: <T>(list: readonly T[]) => readonly T[]
  /** So many of something. */
  readonly times: <T>(count: number, one: (place: number) => T) => readonly T[]
}

/** Dice with a seed (mulberry32). */
export function diceOf(seed: number): Dice {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const from = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  const chance = (percent: number): boolean => next() * 100 < percent
  const pick = <T>(list: readonly T[]): T => {
    const found = list[from(0, list.length - 1)]
    if (found === undefined) throw new Error('there is nothing to pick from')
    return found
  }
  const times = <T>(count: number, one: (place: number) => T): readonly T[] =>
    Array.from({ length: count }, (_, at) => one(at))
  const shuffled = <T>(list: readonly T[]): readonly T[] => {
    const keyed = list.map((value) => ({ value, at: next() }))
    return keyed.sort((a, b) => a.at - b.at).map(({ value }) => value)
  }
  return { from, chance, pick, maybe: (list) => (chance(50) ? pick(list) : undefined), shuffled, times }
}
