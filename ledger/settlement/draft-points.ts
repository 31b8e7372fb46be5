import type { Context } from '../../database/context.ts'
import type { Agreement } from '../agreements/agreement.ts'
import type { Run } from './period-run.ts'
import { pointsOfPeriod } from './points-of-period.ts'
import type { ProgrammeFacts } from './programme-facts.ts'
import { insertDraftedPoints } from './store/drafted-points.ts'
import { holdRun } from './store/period-runs.ts'

/**
 * Keeps the points that the lock is to give, batch by batch, so that it may come on another day: they are those of the facts
 * that the calculation saw. Throws `WRONG_STATE` when another run has taken the period over.
 */
export async function draftPoints(
  context: Context,
  {
    run,
    facts,
    agreements,
  }: { readonly run: Run; readonly facts: ProgrammeFacts; readonly agreements: readonly Agreement[] },
): Promise<void> {
  let before = 0
  for await (const batch of pointsOfPeriod(facts, agreements)) {
    if (batch.awards.length + batch.displaced.length === 0) continue
    await context.database.transaction(async (tx) => {
      await holdRun(tx, run, 'CALCULATING')
      await insertDraftedPoints(tx, run, { ...batch, before })
    })
    before += batch.awards.length
  }
}
