import type { Agreement } from '../agreements/agreement.ts'
import type { PlacedCase } from '../facts/placed-case.ts'
import { streamCases } from '../facts/stream-cases.ts'
import type { PointsAward } from '../points/award-points.ts'
import { governingRules } from '../splits/governing-rules.ts'
import { type PointsGift, referralPoints } from '../splits/referral-points.ts'
import { factScope, type ProgrammeFacts } from './programme-facts.ts'

/**
 * The points that referrals of a period give: to customers, and to partners, of members who accrue. They are no part of
 * the split of money. What is held at once is one small object for each. Source: RULES §3, ADR 0019.
 */
export async function pointsOfPeriod(
  facts: ProgrammeFacts,
  agreements: readonly Agreement[],
): Promise<readonly PointsAward[]> {
  const begun = facts.terms.filter(({ effectiveFrom }) => effectiveFrom < facts.span.to)
  if (!begun.some(({ terms }) => terms.rules.some(({ kind }) => kind === 'REFERRAL_POINTS'))) return []
  const members = new Map(agreements.map((agreement) => [agreement.id, agreement]))
  const versions = new Map(facts.terms.map((version) => [version.id, version]))
  const rulesFor = governingRules((id) => versions.get(id))
  const scope = { ...factScope(facts), kinds: new Set(['REFERRAL' as const]), paths: false }
  const awards: PointsAward[] = []
  for await (const cases of streamCases(facts.sql, scope)) {
    for (const { agreement, governing, fact } of cases) {
      const member = members.get(agreement)
      if (member === undefined || fact.kind !== 'REFERRAL') continue
      const gifts = rulesFor(governing).flatMap((rules) => referralPoints(rules, fact))
      awards.push(...gifts.map((gift) => awardOf(gift, fact.contribution, member)))
    }
  }
  return awards
}

type Referral = Extract<PlacedCase['fact'], { readonly kind: 'REFERRAL' }>['contribution']

function awardOf({ placed, ...gift }: PointsGift, contribution: Referral, member: Agreement): PointsAward {
  const { terms, place, rule } = placed
  const { customer, ...given } = gift
  return {
    ...given,
    holder: customer === undefined ? { partner: member.partner, partnerCode: member.partnerCode } : { customer },
    asset: terms.terms.asset,
    programme: member.programme,
    agreement: member.id,
    terms: terms.id,
    place,
    contribution: contribution.id,
    at: contribution.occurredAt,
    expiresAfterDays: rule.expiresAfterDays,
  }
}
