import type { Context } from '../../database/context.ts'
import type { SendWebhook } from '../webhooks/send-due.ts'
import type { ConformanceRun } from './conformance-run.ts'
import { endRun } from './end-run.ts'
import { probeWebhooks } from './probe-webhooks.ts'
import { holdOpenRun, selectOpenRuns } from './store/runs.ts'

/**
 * Goes on with each open run: tries the partner's webhooks where it is time to, and ends what is passed or over. Any process
 * may call it at any time. Returns how many runs ended.
 */
export async function continueRuns(context: Context, send: SendWebhook): Promise<number> {
  let ended = 0
  for (const run of await selectOpenRuns(context.database.reads)) {
    await probeWebhooks(context, run, send)
    if (await endHeld(context, run)) ended += 1
  }
  return ended
}

async function endHeld(context: Context, { id, partner }: ConformanceRun): Promise<boolean> {
  return context.database.transaction(async (tx) => {
    const open = await holdOpenRun(tx, partner)
    return open?.id === id && endRun(context, tx, open)
  })
}
