import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { restoreCapability } from './restore-capability.ts'

/** Whose quota, how the reason begins for which it was lowered, and why it is given back: the partner reads it. */
export type RestoreQuotaInput = { readonly partner: Id<'ptr'>; readonly loweredFor: string; readonly reason: string }

/** Gives a partner back what was lowered of its quota for a reason (`restoreCapability`). Says whether it gave anything back. */
export async function restoreQuota(
  context: Context,
  tx: Transaction,
  { partner, loweredFor, reason }: RestoreQuotaInput,
): Promise<boolean> {
  const isOwn = (text: string): boolean => text.startsWith(loweredFor)
  return restoreCapability(context, tx, { partner, kind: 'QUOTA', key: 'lowered', isOwn, reason })
}
