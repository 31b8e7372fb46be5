import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Capability } from './capability.ts'
import { sayCapability } from './say-capability.ts'
import { lockCapabilities, selectCapability } from './store/capabilities.ts'

/** Which capability, by which reasons its owner knows what it took, and why that is given back: the partner reads it. */
export type RestoreCapabilityInput = Pick<Capability, 'partner' | 'kind' | 'key'> & {
  readonly isOwn: (reason: string) => boolean
  readonly reason: string
}

/**
 * Gives back what its owner restricted, in the caller's transaction, with a record that the partner may have. What was
 * restricted for another reason since, or is over already, stays as it is. Says whether it gave anything back.
 */
export async function restoreCapability(
  context: Context,
  tx: Transaction,
  { partner, kind, key, isOwn, reason }: RestoreCapabilityInput,
): Promise<boolean> {
  const place = { partner, kind, key }
  await lockCapabilities(tx, partner)
  const { now, said } = await selectCapability(tx, place)
  if (said?.status !== 'RESTRICTED' || !isOwn(said.reason)) return false
  if (said.until !== undefined && said.until <= now) return false
  await sayCapability(context, tx, {
    ...{ ...place, status: 'ACTIVE', due: undefined, until: undefined, permille: undefined, reason },
    ...{ version: said.version + 1, changedAt: now },
  })
  return true
}
