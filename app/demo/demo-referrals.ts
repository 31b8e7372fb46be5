import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { reportContributions } from '../../ledger/facts/report-contributions.ts'
import type { KnownCustomer } from './demo-consents.ts'
import type { DemoPartner } from './demo-partners.ts'
import type { DemoPlan } from './demo-plan.ts'
import { type Random, randomFrom } from './random.ts'

/** A customer whom a partner brought: by the subject it knows, or by a lead that the broker binds later. */
export type DemoReferral = {
  readonly externalId: string
  readonly partner: DemoPartner
  readonly customer: number
  readonly subject: string | undefined
  readonly lead: string | undefined
  readonly occurredAt: Date
  readonly campaign: string
}

const CAMPAIGNS = ['spring', 'app-banner', 'newsletter', 'branch'] as const
const BY_SUBJECT = 0.35
/** Referrals end before the time does, so that something can follow them. */
const SPAN = 0.85

/** The referrals of the plan: the same each time, for the same subjects. */
export function planReferrals(
  plan: DemoPlan,
  partners: readonly DemoPartner[],
  known: readonly KnownCustomer[],
): readonly DemoReferral[] {
  const random = randomFrom('referrals')
  const [first, ...others] = partners.filter(({ live }) => live)
  invariant(first, 'a live partner refers')
  return Array.from({ length: plan.referrals }, (_, place) => {
    const partner = random.pick([first, ...others])
    const subjects = known.filter((one) => one.partner.code === partner.code)
    return referral(random, plan, { place, partner, subjects })
  })
}

type Draw = {
  readonly place: number
  readonly partner: DemoPartner
  readonly subjects: readonly KnownCustomer[]
}

function referral(random: Random, plan: DemoPlan, { place, partner, subjects }: Draw): DemoReferral {
  const number = String(place + 1).padStart(5, '0')
  const [first, ...others] = subjects
  const seen = random.chance(BY_SUBJECT) && first ? random.pick([first, ...others]) : undefined
  const span = plan.now.getTime() - plan.since.getTime()
  return {
    externalId: `ref-${number}`,
    partner,
    customer: seen?.customer ?? random.between(0, plan.customers - 1),
    subject: seen?.subject,
    lead: seen ? undefined : `lead-${number}`,
    occurredAt: new Date(plan.since.getTime() + Math.floor(span * SPAN * random.fraction())),
    campaign: random.pick(CAMPAIGNS),
  }
}

/** Each partner reports its referrals in one batch; what was reported before changes nothing. */
export async function reportReferrals(
  context: Context,
  referrals: readonly DemoReferral[],
  onDone: (count: number) => void,
): Promise<void> {
  const byPartner = Map.groupBy(referrals, ({ partner }) => partner)
  for (const [{ caller }, own] of byPartner) {
    const results = await reportContributions(context, { caller, items: own.map(itemOf) })
    const refused = results.find(({ outcome }) => outcome === 'refused')
    invariant(refused === undefined, `a contribution was refused: ${JSON.stringify(refused)}`)
    onDone(own.length)
  }
}

function itemOf({ partner: _, customer: __, occurredAt, subject, lead, ...item }: DemoReferral): object {
  const who = subject === undefined ? { lead } : { subject }
  return { ...item, ...who, kind: 'REFERRAL', market: 'CN', occurredAt: occurredAt.toISOString() }
}
