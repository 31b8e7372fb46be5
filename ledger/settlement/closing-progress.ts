export const CLOSING_STEPS = ['SPLITTING', 'CORRECTING', 'WRITING', 'LOCKING'] as const

/**
 * How far a closing is. Facts are read twice: to split their totals, then to write their lines. `CORRECTING` counts facts of
 * locked months that are calculated again.
 */
export type ClosingProgress = {
  readonly step: (typeof CLOSING_STEPS)[number]
  readonly facts: number
  /** All facts, once they are known. */
  readonly of: number | undefined
}

export type OnClosingProgress = (progress: ClosingProgress) => void
