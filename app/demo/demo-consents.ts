import { grantConsent } from '../../customers/grant-consent.ts'
import type { Context } from '../../database/context.ts'
import { mapBounded } from '../../kernel/map-bounded.ts'
import { addDays } from '../../kernel/month.ts'
import type { DemoPartner } from './demo-partners.ts'
import { accountKeyOf, type DemoPlan } from './demo-plan.ts'
import { usualTags } from './demo-purposes.ts'
import { randomFrom } from './random.ts'

/** A customer whom a partner knows by a subject. */
export type KnownCustomer = {
  readonly partner: DemoPartner
  readonly purpose: string
  /** The customer's place in the plan. */
  readonly customer: number
  readonly subject: string
}

type PlannedGrant = Omit<KnownCustomer, 'subject'> & { readonly settles: boolean }

const AT_ONCE = 8
const CONSENT_DAYS = 330
const MOST_PARTNERS = 3

/**
 * Some customers consent to up to three partners each, and half of them also to the settlement's. The same plan again
 * changes nothing and gives the same subjects, in the same order. The first customer consents to the first partner and to
 * its settlement.
 */
export async function loadConsents(
  context: Context,
  plan: DemoPlan,
  partners: readonly DemoPartner[],
  onDone: (count: number) => void,
): Promise<readonly KnownCustomer[]> {
  const planned = plannedGrants(plan, partners)
  // one customer's consents one after another: they share a key that the first one makes
  const known = await mapBounded(planned, AT_ONCE, async (grants) => {
    const found: KnownCustomer[] = []
    for (const grant of grants) found.push(await keepGrant(context, plan, grant))
    onDone(1)
    return found
  })
  return known.flat()
}

function plannedGrants({ consenting }: DemoPlan, partners: readonly DemoPartner[]): readonly PlannedGrant[][] {
  const random = randomFrom('consents')
  return Array.from({ length: consenting }, (_, customer) => {
    const first = customer % partners.length
    const count = random.between(1, MOST_PARTNERS)
    const step = random.between(1, 3)
    return Array.from({ length: count }, (__, index) => {
      const partner = partners[(first + index * step) % partners.length]
      const settles = random.chance(0.5) || customer === 0
      return partner ? [{ partner, purpose: partner.purpose, customer, settles }] : []
    }).flat()
  })
}

async function keepGrant(
  context: Context,
  plan: DemoPlan,
  { settles, ...known }: PlannedGrant,
): Promise<KnownCustomer> {
  const subject = await grant(context, plan, known)
  if (settles) await grant(context, plan, { ...known, purpose: 'SETTLEMENT' })
  return { ...known, subject }
}

async function grant(
  context: Context,
  { now }: DemoPlan,
  { partner, purpose, customer }: Omit<KnownCustomer, 'subject'>,
): Promise<string> {
  const { subject } = await grantConsent(context, {
    accountKey: accountKeyOf(customer),
    partnerCode: partner.code,
    purpose,
    tags: usualTags(purpose),
    expiresAt: addDays(now, CONSENT_DAYS),
    evidence: { locale: customer % 3 === 0 ? 'en' : 'zh-CN', channel: 'app' },
    idempotencyKey: `demo-${partner.code}-${purpose}`,
  })
  return subject
}
