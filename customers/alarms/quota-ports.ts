import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'

/** How alarms act on what a partner may ask, in the caller's transaction. The partner can read the reasons. */
export type QuotaPorts = {
  /** Lowers the partner's quota to so many thousandths of itself until a time. What another reason took stays taken. */
  readonly lowerQuota: (
    context: Context,
    tx: Transaction,
    input: { readonly partner: Id<'ptr'>; readonly permille: number; readonly until: Date; readonly reason: string },
  ) => Promise<unknown>
  /** Gives back what was lowered for a reason that begins so, if nothing else was said of it since. */
  readonly restoreQuota: (
    context: Context,
    tx: Transaction,
    input: { readonly partner: Id<'ptr'>; readonly loweredFor: string; readonly reason: string },
  ) => Promise<unknown>
}

/** All of a quota, in thousandths of it. */
export const WHOLE_QUOTA = 1000

/** How every reason begins for which an alert lowers a quota. */
export const LOWERED_FOR = 'unusual reads are looked at'
