import type { Id } from '../../kernel/ids.ts'
import type { RevenueBase } from '../agreements/terms.ts'
import type { FilteredFacts } from './filter.ts'

/** A partner's own contribution. */
export type ContributionRef = { readonly id: Id<'ctr'>; readonly externalId: string; readonly occurredAt: Date }

/** A referral that holds for a customer. */
export type Referral = ContributionRef & { readonly campaign: string | undefined }

/** What the broker says a customer brought in; negative for a refund. Minor units. */
export type RevenueFact = Omit<FilteredFacts, 'campaign'> & {
  readonly id: Id<'rev'>
  readonly source: string
  readonly externalId: string
  readonly base: RevenueBase
  readonly minor: bigint
  readonly occurredAt: Date
}

/** What a member did before a conversion, and how many whole days before. */
export type PathTouch = ContributionRef & {
  /** Code of the member. */
  readonly partner: string
  /** Whether it supplied data. */
  readonly data: boolean
  readonly campaign: string | undefined
  readonly ageDays: number
}

/**
 * A revenue event as one agreement sees it: with the referral, where the one that holds for the customer is the
 * agreement's; with the path before it, where its partner is on it. A refund has the path of what it refunds.
 */
export type EventCase = {
  readonly kind: 'EVENT'
  readonly event: RevenueFact
  readonly customer: Id<'cus'>
  readonly referral: Referral | undefined
  /** Touches of all members, oldest first, simultaneous ones by partner's code and external id. */
  readonly path: readonly PathTouch[] | undefined
  /** Of a refund that came after the period: when what it refunds happened, at which it is judged. */
  readonly judgedAt?: Date
}

/** How far a customer has come in a course in a period. */
export type CourseCase = {
  readonly kind: 'COURSE'
  readonly course: string
  readonly customer: Id<'cus'>
  /** The first report, which fixes price and units. */
  readonly enrolment: ContributionRef
  /** The earliest report that has `done`. */
  readonly reached: ContributionRef
  /** Minor units. */
  readonly price: bigint
  readonly units: bigint
  /** The highest reported before the period's end, and before its start. */
  readonly done: bigint
  readonly doneBefore: bigint
  readonly about: FilteredFacts
}

/** A snapshot of what a customer has with the broker. Minor units. */
export type AssetsSnapshot = { readonly event: Id<'rev'>; readonly minor: bigint; readonly at: Date }

/** A referred customer's assets around a period. */
export type AssetsCase = {
  readonly kind: 'ASSETS'
  readonly customer: Id<'cus'>
  readonly referral: Referral
  /** Highest of the first snapshot from the referral on and the last ones of the months before the period. */
  readonly mark: AssetsSnapshot | undefined
  /** The last snapshot before the period. */
  readonly start: AssetsSnapshot | undefined
  /** The last snapshot before the period's end, from the referral on. */
  readonly end: AssetsSnapshot | undefined
  /** Σ of what came in and went out in the period, and how many facts that is. */
  readonly flows: bigint
  readonly flowCount: number
  readonly about: FilteredFacts
}

/** Some units of traffic; the customer need not be known. */
export type TrafficCase = {
  readonly kind: 'TRAFFIC'
  readonly contribution: ContributionRef
  readonly customer: Id<'cus'> | undefined
  readonly unit: string
  readonly units: bigint
  readonly about: FilteredFacts
}

/** A service that was rendered. */
export type ServiceCase = {
  readonly kind: 'SERVICE'
  readonly contribution: ContributionRef
  readonly customer: Id<'cus'>
  /** Minor units. */
  readonly fee: bigint
  readonly score: bigint
  readonly about: FilteredFacts
}

/** A referral that counts for points. */
export type ReferralCase = {
  readonly kind: 'REFERRAL'
  readonly contribution: ContributionRef
  readonly customer: Id<'cus'>
  /** The customer who referred the other one, where the partner named one. */
  readonly referrer: Id<'cus'> | undefined
  /** Which referral it is of the referrer's life, and of the partner's; from 1. */
  readonly nthOfReferrer: number | undefined
  readonly nthOfPartner: number
  readonly about: FilteredFacts
}

/** One fact as one agreement sees it: what rules look at. */
export type FactCase = EventCase | CourseCase | AssetsCase | TrafficCase | ServiceCase | ReferralCase

/** The contribution that a case's line names; of a conversion, the partner's last touch. */
export function contributionOf(fact: FactCase, partner: string): ContributionRef | undefined {
  switch (fact.kind) {
    case 'EVENT':
      return fact.referral ?? fact.path?.findLast((touch) => touch.partner === partner)
    case 'COURSE':
      return fact.reached
    case 'ASSETS':
      return fact.referral
    default:
      return fact.contribution
  }
}

/**
 * The key by which the case's line is ordered and ties are broken: source, then external id, bytewise (RULES §1). The
 * source of what a partner reports is its code, the same for all of one agreement.
 */
export function keyOf(fact: FactCase): string {
  switch (fact.kind) {
    case 'EVENT':
      // NUL sorts below every character that a key may hold, so the joined key is ordered as the pair is
      return `${fact.event.source}\u0000${fact.event.externalId}`
    case 'COURSE':
      return fact.enrolment.externalId
    case 'ASSETS':
      return fact.referral.externalId
    default:
      return fact.contribution.externalId
  }
}
