import type { OnClosingProgress } from '../../../ledger/settlement/closing-progress.ts'
import { openProgress } from '../progress.ts'

/** Runs long work on a month under a bar that shows its steps. */
export async function withClosingBar<T>(
  title: string,
  work: (onProgress: OnClosingProgress) => Promise<T>,
): Promise<T> {
  const bar = openProgress(title)
  return work(({ step, facts, of }) => bar.show(facts, of ?? facts, step.toLowerCase())).finally(bar.end)
}
