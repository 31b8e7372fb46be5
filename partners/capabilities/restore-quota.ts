import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { sayCapability } from './say-capability.ts'
import { lockCapabilities, selectCapability } from './store/capabilities.ts'

/** Whose quota, how the reason begins for which it was lowered, and why it is given back: the partner reads it. */
export type RestoreQuotaInput = { readonly partner: Id<'ptr'>; readonly loweredFor: string; readonly reason: string }

/**
 * Gives a partner back what an alarm lowered, in the caller's transaction, with a record that the partner may have. What was
 * lowered for another reason since, or is over already, stays as it is. Says whether it gave anything back.
 */
export async function restoreQuota(
  context: Context,
  tx: Transaction,
  { partner, loweredFor, reason }: RestoreQuotaInput,
): Promise<boolean> {
  await lockCapabilities(tx, partner)
  const place = { partner, kind: 'QUOTA', key: 'lowered' } as const
  const { now, said } = await selectCapability(tx, place)
  if (said?.status !== 'RESTRICTED' || !said.reason.startsWith(loweredFor)) return false
  if (said.until !== undefined && said.until <= now) return false
  await sayCapability(context, tx, {
    ...{ ...place, status: 'ACTIVE', due: undefined, until: undefined, permille: undefined, reason },
    ...{ version: said.version + 1, changedAt: now },
  })
  return true
}
