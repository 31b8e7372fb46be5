import type { Context } from '../../database/context.ts'
import type { OnClosingProgress } from './closing-progress.ts'
import type { Run } from './period-run.ts'
import { tellRun } from './store/period-runs.ts'

/** How often a calculation says how far it is: often enough to be watched, too seldom to cost anything. */
const EVERY_MS = 2000

/** Tells the caller at once, and everybody else every few seconds. */
export type Telling = {
  readonly onProgress: OnClosingProgress
  /** Waits until nothing is being written any more. */
  readonly settled: () => Promise<void>
}

/**
 * Lets others see how far a run is. What is told is written apart from all that counts: when it cannot be written, the run
 * goes on, and the log of the process says so.
 */
export function tellProgress(context: Context, run: Run, onProgress: OnClosingProgress): Telling {
  let toldAt = Number.NEGATIVE_INFINITY
  let telling: Promise<void> | undefined
  const write: OnClosingProgress = (progress) => {
    toldAt = performance.now()
    telling = context.database
      .transaction((tx) => tellRun(tx, run, { ...progress, at: context.clock.now() }))
      .catch((error: unknown) => context.log.warn({ err: error }, 'progress of a calculation was not told'))
      .finally(() => {
        telling = undefined
      })
  }
  return {
    onProgress: (progress) => {
      onProgress(progress)
      if (telling === undefined && performance.now() - toldAt >= EVERY_MS) write(progress)
    },
    settled: async () => telling,
  }
}
