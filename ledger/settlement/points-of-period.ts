import type { Id } from '../../kernel/ids.ts'
import type { Agreement } from '../agreements/agreement.ts'
import type { PlacedCase } from '../facts/placed-case.ts'
import { streamCases } from '../facts/stream-cases.ts'
import { notGivenYet, type PointsAward } from '../points/award-points.ts'
import { type HeldReferral, selectDisplaced } from '../points/store/points-lots.ts'
import { governingRules } from '../splits/governing-rules.ts'
import { type PointsGift, referralPoints } from '../splits/referral-points.ts'
import { factScope, type ProgrammeFacts } from './programme-facts.ts'

/** Points that are to be given, and referrals that earned some though an earlier one holds in their place: a batch of them. */
export type PointsOfPeriod = { readonly awards: readonly PointsAward[]; readonly displaced: readonly Id<'ctr'>[] }

/**
 * The points that referrals give up to the end of a period and that nobody was given yet: those of the period, and those of
 * earlier ones that came to count since, or whose member accrues again. To customers, and to partners, of members who
 * accrue; they are no part of the split of money. Source: RULES §3, ADR 0019.
 */
export async function* pointsOfPeriod(
  facts: ProgrammeFacts,
  agreements: readonly Agreement[],
): AsyncGenerator<PointsOfPeriod> {
  const from = pointsSince(facts)
  if (from === undefined) return
  const members = new Map(agreements.map((agreement) => [agreement.id, agreement]))
  const versions = new Map(facts.terms.map((version) => [version.id, version]))
  const rulesFor = governingRules((id) => versions.get(id))
  const giftsFor = ({ agreement, governing, fact }: PlacedCase): readonly PointsAward[] => {
    const member = members.get(agreement)
    if (member === undefined || fact.kind !== 'REFERRAL') return []
    const gifts = rulesFor(governing).flatMap((rules) => referralPoints(rules, fact))
    return gifts.map((gift) => awardOf(gift, fact.contribution, member))
  }
  const scope = { ...factScope(facts), from, kinds: new Set(['REFERRAL' as const]), paths: false }
  for await (const cases of streamCases(facts.sql, scope)) {
    yield {
      awards: await notGivenYet(facts.sql, cases.flatMap(giftsFor)),
      displaced: await selectDisplaced(facts.sql, facts.programme, cases.flatMap(heldIn)),
    }
  }
}

function heldIn({ fact }: PlacedCase): readonly HeldReferral[] {
  return fact.kind === 'REFERRAL' ? [{ customer: fact.customer, contribution: fact.contribution.id }] : []
}

/** Since when the programme's terms give points; `undefined` when none of those that have begun do. */
function pointsSince({ terms, span }: ProgrammeFacts): Date | undefined {
  return terms.find(({ effectiveFrom, terms: { rules } }) => {
    return effectiveFrom < span.to && rules.some(({ kind }) => kind === 'REFERRAL_POINTS')
  })?.effectiveFrom
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
