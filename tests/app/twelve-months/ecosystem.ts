import path from 'node:path'
import { loadAccounts } from '../../../app/demo/demo-accounts.ts'
import { loadConsents } from '../../../app/demo/demo-consents.ts'
import { type DemoContribution, planContributions, reportOthers } from '../../../app/demo/demo-contributions.ts'
import { loadCustomers } from '../../../app/demo/demo-customers.ts'
import { type DemoFact, loadFacts, planFacts } from '../../../app/demo/demo-facts.ts'
import { type DemoPartner, loadPartners } from '../../../app/demo/demo-partners.ts'
import { accountKeyOf, type DemoPlan, planFor } from '../../../app/demo/demo-plan.ts'
import { loadProducts } from '../../../app/demo/demo-products.ts'
import { loadProgramme } from '../../../app/demo/demo-programme.ts'
import { type DemoReferral, planReferrals, reportReferrals } from '../../../app/demo/demo-referrals.ts'
import { addDays, type Span } from '../../../kernel/month.ts'
import type { TestWorld } from '../../support/database.ts'

/** The demonstration's people and programme, whose facts are told as time goes on. */
export type Ecosystem = {
  readonly plan: DemoPlan
  readonly partners: readonly DemoPartner[]
  /** Tells what happened in `[since, until)`, and what was late. */
  readonly tell: (since: Date, until: Date) => Promise<void>
  /** All that a partner's customers brought in within the span is refunded now. */
  readonly refundAll: (partner: string, span: Span) => Promise<void>
}

/** What a customer brought in, among the demonstration's facts. */
type Brought = DemoFact & {
  readonly customer: string
  readonly minor: number
  readonly product?: string
  readonly category?: string
}

const MONTHS = 12
const SCALE = 0.06
/** One fact of so many becomes known this late. */
const LATE_EACH = 25
const LATE_DAYS = 40

/** Loads everything but the facts of twelve full months before now. */
export async function openEcosystem({ context, clock }: TestWorld, folder: string): Promise<Ecosystem> {
  // consents end by the database's clock, so the ecosystem's present must agree with it
  const plan = planFor(new Date(), SCALE, { settled: MONTHS, open: 0 })
  clock.set(plan.now)
  const quietly = (): void => {}
  const partners = await loadPartners(context, folder, quietly)
  await loadProducts(context, folder, plan, quietly)
  await loadCustomers(context, folder, plan, quietly)
  const known = await loadConsents(context, plan, partners, quietly)
  await loadProgramme(context, plan, partners)
  const referrals = planReferrals(plan, partners, known)
  const others = planContributions(plan, partners, referrals)
  const facts = planFacts(plan, referrals)
  const tell = async (since: Date, until: Date): Promise<void> => {
    const now = { since, until }
    await reportReferrals(
      context,
      referrals.filter((one, place) => isTold(now, timeOfReferral(one), place)),
      quietly,
    )
    await reportOthers(
      context,
      others.filter((one, place) => isTold(now, timeOfContribution(one), place)),
      quietly,
    )
    const file = path.join(folder, `revenue-${until.toISOString().slice(0, 10)}.ndjson`)
    await loadFacts(
      context,
      file,
      facts.filter((one, place) => isTold(now, timeOfFact(one), place)),
      quietly,
    )
  }
  // they stand before the first month is paid
  clock.set(plan.since)
  await loadAccounts(context, partners)
  const refundAll = async (partner: string, { from, to }: Span): Promise<void> => {
    const own = referrals.filter((one) => one.partner.code === partner)
    const customers = new Set(own.map(({ customer }) => accountKeyOf(customer)))
    const now = clock.now()
    const refunds = facts
      .filter((fact): fact is Brought => 'minor' in fact && !('refundOf' in fact))
      .filter((fact) => customers.has(fact.customer) && timeOfFact(fact) >= from && timeOfFact(fact) < to)
      .map(({ product: _, category: __, ...fact }) => ({
        ...fact,
        externalId: `${fact.externalId}-undone`,
        refundOf: fact.externalId,
        minor: -fact.minor,
        occurredAt: now.toISOString(),
      }))
    await loadFacts(context, path.join(folder, `refunds-${partner}.ndjson`), refunds, quietly)
  }
  return { plan, partners, tell, refundAll }
}

/** Whether a fact becomes known in the span. */
function isTold({ since, until }: { readonly since: Date; readonly until: Date }, at: Date, place: number): boolean {
  const known = place % LATE_EACH === 1 ? addDays(at, LATE_DAYS) : at
  return known >= since && known < until
}

function timeOfReferral({ occurredAt }: DemoReferral): Date {
  return occurredAt
}

/** Its items are what a partner would send, of several shapes that all have a time. */
function timeOfContribution({ item }: DemoContribution): Date {
  const { occurredAt } = item as { readonly occurredAt: Date }
  return occurredAt
}

function timeOfFact({ occurredAt }: DemoFact): Date {
  return new Date(occurredAt)
}
