import type { Id } from '../../kernel/ids.ts'
import type { EventType } from './event-types.ts'

export const ENDPOINT_STATUSES = ['ACTIVE', 'REMOVED'] as const
export type EndpointStatus = (typeof ENDPOINT_STATUSES)[number]

/** Where a partner is told, and of what. */
export type WebhookEndpoint = {
  readonly id: Id<'whe'>
  readonly partnerId: Id<'ptr'>
  readonly url: string
  readonly types: readonly EventType[]
  readonly status: EndpointStatus
  /** Counts its records. */
  readonly version: number
  readonly createdAt: Date
  readonly record: Id<'rec'>
}

export const DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'DEAD'] as const
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number]

/** One message to one endpoint, as it stands. */
export type WebhookDelivery = {
  /** The `webhook-id` of each of its attempts. */
  readonly id: Id<'evt'>
  readonly endpoint: Id<'whe'>
  readonly partnerId: Id<'ptr'>
  readonly type: string
  /** The consent, statement or payout that it is about. */
  readonly about: string | undefined
  readonly status: DeliveryStatus
  readonly attempts: number
  readonly createdAt: Date
  /** When it is tried next, where it is pending. */
  readonly nextAt: Date | undefined
  readonly deliveredAt: Date | undefined
  /** Why the last attempt was none: a status of HTTP, or a word such as TIMEOUT. */
  readonly lastError: string | undefined
}
