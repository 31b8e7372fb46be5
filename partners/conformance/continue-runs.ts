import type { Context } from '../../database/context.ts'
import type { SendWebhook } from '../webhooks/send-due.ts'
import type { ConformanceRun } from './conformance-run.ts'
import { endRun } from './end-run.ts'
import { probeWebhooks } from './probe-webhooks.ts'
import { holdOpenRun, selectOpenRuns } from './store/runs.ts'

/**
 * Goes on with each open run: tries the partner's webhooks where it is time to, and ends what is passed or over. Any process
 * may call it at any time. Returns how many runs ended; throws what hindered one of them, after the others have gone on.
 */
export async function continueRuns(context: Context, send: SendWebhook): Promise<number> {
  const runs = await selectOpenRuns(context.database.reads)
  // side by side: an endpoint that hangs holds up its own run alone
  const done = await Promise.allSettled(runs.map((run) => continueRun(context, run, send)))
  const hindered = done.find((one) => one.status === 'rejected')
  if (hindered !== undefined) throw hindered.reason
  return done.filter((one) => one.status === 'fulfilled' && one.value).length
}

/** Says whether it ended. */
async function continueRun(context: Context, run: ConformanceRun, send: SendWebhook): Promise<boolean> {
  await probeWebhooks(context, run, send)
  return endHeld(context, run)
}

async function endHeld(context: Context, { id, partner }: ConformanceRun): Promise<boolean> {
  return context.database.transaction(async (tx) => {
    const open = await holdOpenRun(tx, partner)
    return open?.id === id && endRun(context, tx, open)
  })
}
