import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Scope } from '../../kernel/caller.ts'
import type { Id } from '../../kernel/ids.ts'
import { sayCapability } from './say-capability.ts'
import { lockCapabilities, selectCapability } from './store/capabilities.ts'

/** Which scope of which partner, until when, and why: the partner reads the reason. */
export type RestrictUntilInput = {
  readonly partner: Id<'ptr'>
  readonly scope: Scope
  readonly until: Date
  readonly reason: string
}

/**
 * Restricts a scope for a time, in the caller's transaction, where it is active without an end or restricted for a shorter
 * time; what a person said otherwise stays, so that nothing is widened when the time is over. Says whether it did.
 */
export async function restrictUntil(
  context: Context,
  tx: Transaction,
  { partner, scope, until, reason }: RestrictUntilInput,
): Promise<boolean> {
  await lockCapabilities(tx, partner)
  const place = { partner, kind: 'GRAPH', key: scope } as const
  const { now, said } = await selectCapability(tx, place)
  const open = said === undefined || (said.status === 'ACTIVE' && said.until === undefined)
  const shorter = said?.status === 'RESTRICTED' && said.until !== undefined && said.until < until
  if (!open && !shorter) return false
  await sayCapability(context, tx, {
    ...{ ...place, status: 'RESTRICTED', due: undefined, until, reason, permille: undefined },
    ...{ version: (said?.version ?? 0) + 1, changedAt: now },
  })
  return true
}
