import { beginRun } from './begin-run.ts'
import type { OnClosingProgress } from './closing-progress.ts'
import { draftPeriod } from './draft-period.ts'
import type { Place } from './place.ts'
import type { ClosingTurn } from './store/closing-turn.ts'
import { tellProgress } from './tell-progress.ts'

/**
 * Calculates a month while it is this process's turn, and lets others see how far it is. It ends in `REVIEW`. Throws
 * `WRONG_STATE` unless the month is the next one to be locked.
 */
export async function calculateInTurn(
  { context, programme, month }: Place,
  turn: ClosingTurn,
  onProgress: OnClosingProgress,
): Promise<void> {
  const { period, run } = await beginRun(context, { programme, month, factsCut: turn.factsCut })
  const telling = tellProgress(context, run, onProgress)
  try {
    await draftPeriod(context, { programme, period, run, turn, onProgress: telling.onProgress })
  } finally {
    await telling.settled()
  }
}
