import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Capability } from './capability.ts'
import { sayCapability } from './say-capability.ts'
import { lockCapabilities, selectCapability } from './store/capabilities.ts'

/** Which capability is restricted until when, why, and by which reasons its owner knows its own restrictions. */
export type HoldRestrictionInput = Pick<Capability, 'partner' | 'kind' | 'key' | 'permille'> & {
  readonly until: Date
  readonly reason: string
  readonly isOwn: (reason: string) => boolean
}

/**
 * Restricts a capability for a time, in the caller's transaction, with a record that the partner may have. What somebody else has
 * restricted, made wait or allowed for a time stays as it is: nobody's word is lost, and nothing is widened when the time is
 * over. Says whether it did.
 */
export async function holdRestriction(
  context: Context,
  tx: Transaction,
  { until, reason, permille, isOwn, ...place }: HoldRestrictionInput,
): Promise<boolean> {
  await lockCapabilities(tx, place.partner)
  const { now, said } = await selectCapability(tx, place)
  if (said !== undefined && !isOpen(said, now) && !(said.status === 'RESTRICTED' && isOwn(said.reason))) return false
  await sayCapability(context, tx, {
    ...{ ...place, status: 'RESTRICTED', due: undefined, until, reason, permille },
    ...{ version: (said?.version ?? 0) + 1, changedAt: now },
  })
  return true
}

/** Whether it is active without an end, as it also is once a restriction is over. */
function isOpen({ status, until }: Capability, now: Date): boolean {
  if (status === 'RESTRICTED') return until !== undefined && until <= now
  return status === 'ACTIVE' && until === undefined
}
