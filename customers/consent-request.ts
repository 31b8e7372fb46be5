import type { Id } from '../kernel/ids.ts'
import type { Limits, RequestStatus } from './consent.ts'
import type { SharedTag } from './granularity.ts'

/** What a partner asked a customer for. Its id is that of the consent that comes of it. */
export type ConsentRequest = Limits & {
  readonly id: Id<'cns'>
  readonly partnerId: Id<'ptr'>
  readonly clientId: Id<'cli'>
  readonly purpose: string
  /** LAPSED as soon as the database's clock says so. */
  readonly status: RequestStatus
  readonly tags: readonly SharedTag[]
  readonly expiresAt: Date
  readonly noticeVersion: number
  readonly requestedAt: Date
  /** Until when the customer may answer. */
  readonly lapsesAt: Date
  readonly decidedAt: Date | undefined
}

/** How long a customer has to answer, unless the caller says otherwise. */
export const REQUEST_SECONDS = 600
