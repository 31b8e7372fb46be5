import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { ConformanceCheck } from './conformance-check.ts'
import type { ConformanceRun } from './conformance-run.ts'
import { judgeRun } from './judge-run.ts'
import { keepRun } from './keep-run.ts'
import { selectFacts } from './store/facts.ts'
import { deleteObservations } from './store/observations.ts'
import { timesOfRun } from './store/runs.ts'

/**
 * Ends an open run, which the transaction holds, where there is a reason: all checks are passed, or its time is over. Says
 * whether there was one. The record has the report, so that what was observed goes.
 */
export async function endRun(context: Context, tx: Transaction, run: ConformanceRun): Promise<boolean> {
  const checks = judgeRun(await selectFacts(tx, run))
  const { now: endedAt, inTwelveMonths } = await timesOfRun(tx, 0)
  const passed = checks.every(({ status }) => status === 'PASSED')
  if (!passed && run.expiresAt > endedAt) return false
  await keepRun({ ...context, actor: 'system:conformance' }, tx, {
    ...{ ...run, endedAt, version: run.version + 1 },
    ...(passed
      ? { status: 'PASSED', countsUntil: inTwelveMonths, checks }
      : { status: 'EXPIRED', checks: checks.map(atTheEnd) }),
  })
  await deleteObservations(tx, run.id)
  return true
}

/** What was awaited until the end has failed. */
function atTheEnd(check: ConformanceCheck): ConformanceCheck {
  return check.status === 'WAITING' ? { ...check, status: 'FAILED' } : check
}
