import type { Id } from '../../kernel/ids.ts'
import type { ProductRef, RevenueBase } from '../agreements/terms.ts'

/** A customer's revenue event, and the referral that holds for the customer. What rules about referrals look at. */
export type ReferredEvent = {
  readonly customer: Id<'cus'>
  readonly referral: {
    readonly id: Id<'ctr'>
    readonly externalId: string
    readonly occurredAt: Date
    readonly campaign: string | undefined
  }
  readonly event: {
    readonly id: Id<'rev'>
    readonly source: string
    readonly externalId: string
    readonly base: RevenueBase
    /** Minor units; negative for a refund. */
    readonly minor: bigint
    readonly occurredAt: Date
    readonly product: ProductRef | undefined
    readonly category: string | undefined
    readonly market: string | undefined
  }
}

/** The key by which the event's line is ordered and ties are broken: source, then external id, bytewise (RULES §1). */
export function keyOf({ event }: ReferredEvent): string {
  // NUL sorts below every character that a key may hold, so the joined key is ordered as the pair is
  return `${event.source}\u0000${event.externalId}`
}
