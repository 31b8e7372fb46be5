import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import type { Capability } from './capability.ts'
import { sayCapability } from './say-capability.ts'
import { lockCapabilities, selectCapability } from './store/capabilities.ts'

/** Whose quota, to how much of what it was granted (0 to 1000), until when, and why: the partner reads the reason. */
export type LowerQuotaInput = {
  readonly partner: Id<'ptr'>
  readonly permille: number
  readonly until: Date
  readonly reason: string
}

/**
 * Lowers a partner's quota for a time, in the caller's transaction, with a record that the partner may have. Where it is
 * lowered already the less of both counts, until the later of both: an alarm never gives back what another one took.
 */
export async function lowerQuota(
  context: Context,
  tx: Transaction,
  { partner, permille, until, reason }: LowerQuotaInput,
): Promise<Capability> {
  invariant(Number.isInteger(permille) && permille >= 0 && permille <= 1000, 'a quota is lowered to 0 to 1000 permille')
  await lockCapabilities(tx, partner)
  const place = { partner, kind: 'QUOTA', key: 'lowered' } as const
  const { now, said } = await selectCapability(tx, place)
  const counts = said?.status === 'RESTRICTED' && (said.until === undefined || said.until > now) ? said : undefined
  return sayCapability(context, tx, {
    ...{ ...place, status: 'RESTRICTED', due: undefined, reason },
    permille: Math.min(permille, counts?.permille ?? 1000),
    until: counts === undefined ? until : counts.until && later(counts.until, until),
    ...{ version: (said?.version ?? 0) + 1, changedAt: now },
  })
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b
}
