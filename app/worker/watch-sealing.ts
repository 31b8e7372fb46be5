import type { Context } from '../../database/context.ts'
import { LONG_LAG_SECONDS, logStatus } from '../../records/log-status.ts'

/** Warns once when sealing falls behind, with what may hold it up, and says when it has caught up. */
export function sealingWatch(context: Context): () => Promise<number> {
  let behind = false
  return async () => {
    const { lagSeconds, unsealed, writing } = await logStatus(context)
    const isBehind = lagSeconds > LONG_LAG_SECONDS
    if (isBehind && !behind) context.log.warn({ lagSeconds, unsealed, writing }, 'sealing has fallen behind')
    if (behind && !isBehind) context.log.info({ lagSeconds, unsealed }, 'sealing has caught up')
    behind = isBehind
    return 0
  }
}
