import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'

export const COMPLAINT_CATEGORIES = ['UNSUITABLE_OFFER', 'CONSENT', 'DATA', 'CONDUCT', 'SERVICE', 'OTHER'] as const
/** What a complaint is about; docs/complaints.md says each. */
export type ComplaintCategory = (typeof COMPLAINT_CATEGORIES)[number]

export const COMPLAINT_SEVERITIES = ['LOW', 'MEDIUM', 'HIGH'] as const
export type ComplaintSeverity = (typeof COMPLAINT_SEVERITIES)[number]

export const COMPLAINT_STATUSES = ['RECEIVED', 'WORKING', 'UPHELD', 'REJECTED', 'WITHDRAWN'] as const
/** Where a complaint stands; the last three stay. */
export type ComplaintStatus = (typeof COMPLAINT_STATUSES)[number]

/** What a complaint is decided to be. */
export const COMPLAINT_OUTCOMES = ['UPHELD', 'REJECTED'] as const

export const COMPLAINANT_KINDS = ['CUSTOMER', 'PARTNER', 'OTHER'] as const

/** Who complains; of others nothing is kept but what was said. Who a customer is comes out of what is personal in a record. */
export type Complainant =
  | { readonly kind: 'CUSTOMER'; readonly customer: Id<'cus'> | undefined }
  | { readonly kind: 'PARTNER'; readonly partner: Id<'ptr'> }
  | { readonly kind: 'OTHER' }

/** What people wrote; it may be personal. */
export type ComplaintWords = {
  /** By the complainant. */
  readonly said: string
  /** To the complainant, once it was decided. */
  readonly answer?: string | undefined
  /** What is put right; the partner is told it too, so it names nobody. */
  readonly remedy?: string | undefined
}

/** A complaint about a partner, as it was last said. */
export type Complaint = {
  readonly id: Id<'cpl'>
  readonly partner: Id<'ptr'>
  readonly category: ComplaintCategory
  readonly severity: ComplaintSeverity
  readonly status: ComplaintStatus
  readonly complainant: Complainant
  /** Who took it in: the customer, or a member of the staff. */
  readonly takenBy: Actor
  readonly assignedTo: Actor | undefined
  /** Who decided or withdrew it. */
  readonly decidedBy: Actor | undefined
  /** Absent once the customer was erased, and of others after a replay. */
  readonly words: ComplaintWords | undefined
  readonly receivedAt: Date
  /** By when it has to be answered. */
  readonly dueAt: Date
  readonly decidedAt: Date | undefined
  /** 1 for the first. */
  readonly version: number
  readonly changedAt: Date
  readonly record: Id<'rec'>
}

/** Within how many days a complaint is answered. */
export const ANSWER_DAYS = 15

/** How many complaints of one customer may be open at once. */
export const MOST_OPEN = 10
