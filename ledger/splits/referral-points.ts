import type { Id } from '../../kernel/ids.ts'
import { rational, round } from '../../kernel/rational.ts'
import type { FactRule, ReferralPoints } from '../agreements/terms.ts'
import type { ReferralCase } from './fact-case.ts'
import { passesFilter } from './filter.ts'
import type { PlacedRule } from './match-rules.ts'

/** As what somebody gets points for a referral. */
export type PointsBeneficiary = 'REFERRER' | 'REFERRED' | 'PARTNER'

/** Points that one rule gives for one referral, to one customer or to the agreement's partner. */
export type PointsGift = {
  readonly placed: PlacedRule<ReferralPoints>
  readonly beneficiary: PointsBeneficiary
  /** Absent: the agreement's partner. */
  readonly customer: Id<'cus'> | undefined
  /** Whole points, at least one. */
  readonly points: bigint
  /** What they are worth: minor units of the terms' asset, rounded half to even once for these points. */
  readonly money: bigint
}

/**
 * `REFERRAL_POINTS`: what a referral gives by the rules of the terms in force at its time, in the rules' order; an
 * exclusive rule that matches stops the later ones. Nobody gets points in place of a referrer who was not named. Source:
 * RULES §3, ADR 0019.
 */
export function referralPoints(rules: readonly PlacedRule<FactRule>[], referral: ReferralCase): readonly PointsGift[] {
  const gifts: PointsGift[] = []
  for (const { rule, ...place } of rules) {
    if (rule.kind !== 'REFERRAL_POINTS' || !passesFilter(rule.filter, referral.about)) continue
    gifts.push(...giftsOf({ ...place, rule }, referral))
    if (rule.exclusive) break
  }
  return gifts
}

function giftsOf(placed: PlacedRule<ReferralPoints>, referral: ReferralCase): readonly PointsGift[] {
  const points = pointsFor(placed.rule, referral)
  if (points === 0n) return []
  const money = round(rational(points * placed.rule.valuePerHundredPoints, 100n))
  return beneficiariesOf(placed.rule, referral).map((whose) => ({ placed, ...whose, points, money }))
}

/** The bonus of the highest `fromNth` that is reached replaces the points of a referral. */
function pointsFor({ pointsPerReferral, bonus, beneficiary }: ReferralPoints, referral: ReferralCase): bigint {
  const nth = placeInLife(beneficiary, referral)
  return bonus.findLast(({ fromNth }) => fromNth <= nth)?.points ?? pointsPerReferral
}

/** Which referral it is in the life of whoever referred: the customer who was named, else the partner. */
function placeInLife(
  beneficiary: ReferralPoints['beneficiary'],
  { nthOfReferrer, nthOfPartner }: ReferralCase,
): number {
  return beneficiary === 'PARTNER' ? nthOfPartner : (nthOfReferrer ?? nthOfPartner)
}

type Whose = Pick<PointsGift, 'beneficiary' | 'customer'>

function beneficiariesOf({ beneficiary }: ReferralPoints, { customer, referrer }: ReferralCase): readonly Whose[] {
  if (beneficiary === 'PARTNER') return [{ beneficiary, customer: undefined }]
  const first: readonly Whose[] = referrer === undefined ? [] : [{ beneficiary: 'REFERRER', customer: referrer }]
  const second: readonly Whose[] = [{ beneficiary: 'REFERRED', customer }]
  return [...(beneficiary === 'REFERRED' ? [] : first), ...(beneficiary === 'REFERRER' ? [] : second)]
}
