import type { Money } from './money.ts'

/** What is still open of something: nothing where the count is 0. */
export type OpenThing = {
  readonly count: number
  /** Ids of up to ten of them, or other names by which people find them. */
  readonly examples: readonly string[]
  /** What it comes to, by asset. */
  readonly amounts?: readonly Money[]
  /** When it ends by itself, where that is known. */
  readonly until?: Date | undefined
}

/** What is open where nothing is. */
export const NOTHING_OPEN: OpenThing = { count: 0, examples: [] }
