import type { Id } from '../../kernel/ids.ts'
import type { FactCase, PathTouch, RevenueFact } from '../splits/fact-case.ts'

/** A case, whose it is, and what governs it. */
export type PlacedCase = {
  readonly agreement: Id<'agr'>
  readonly partnerCode: string
  /**
   * Versions of the terms that govern it: `opened` for rules whose window a contribution opened (the referral of an event,
   * the enrolment of a course), `own` for all others, of the case's own time. Without one nothing is earned.
   */
  readonly governing: { readonly opened: Id<'trm'> | undefined; readonly own: Id<'trm'> | undefined }
  readonly fact: FactCase
  /** A refund of an event of an earlier period corrects that one, and is settled as its adjustment (RULES §5). */
  readonly correctsEarlier: boolean
  /** Of a refund: when what it refunds happened, once that was recorded. */
  readonly refundedAt?: Date
}

/** A conversion and the touches before it, whatever member they are of; oldest first. */
export type PathedConversion = { readonly event: RevenueFact; readonly path: readonly PathTouch[] }
