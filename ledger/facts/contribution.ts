import type { Id } from '../../kernel/ids.ts'
import type { Money } from '../../kernel/money.ts'
import type { ProductRef } from '../agreements/terms.ts'
import type { Confirmation, ContributionDecision } from './confirmation.ts'

/** What a partner can have done. */
export const CONTRIBUTION_KINDS = ['REFERRAL', 'COURSE_COMPLETION', 'TRAFFIC', 'DATA', 'SERVICE_OUTCOME'] as const
export type ContributionKind = (typeof CONTRIBUTION_KINDS)[number]

/** `REPORTED` while the customer behind a lead is not known or a confirmation is awaited, `CONFIRMED` once it counts. */
export type ContributionStatus = 'REPORTED' | 'CONFIRMED' | 'REJECTED'

/** A contribution as its partner may see it: named by subject or lead, never by our customer. */
export type Contribution = {
  readonly id: Id<'ctr'>
  readonly partner: Id<'ptr'>
  readonly externalId: string
  readonly kind: ContributionKind
  readonly subject: string | undefined
  readonly lead: string | undefined
  readonly agreement: Id<'agr'> | undefined
  readonly occurredAt: Date
  readonly quantity: bigint
  readonly value: Money | undefined
  readonly campaign: string | undefined
  readonly market: string | undefined
  readonly product: ProductRef | undefined
  /** Of a course: its key, and how many units it has; the quantity says how many are done. */
  readonly course: string | undefined
  readonly units: bigint | undefined
  /** What traffic is counted in. */
  readonly unit: string | undefined
  /** How well a service went. */
  readonly score: bigint | undefined
  /** What it waits for beside its customer. */
  readonly confirmation: Confirmation
  readonly status: ContributionStatus
  /** What was decided on it, where it waited and that was done. */
  readonly decision: ContributionDecision | undefined
  readonly recordedAt: Date
  readonly record: Id<'rec'>
}
