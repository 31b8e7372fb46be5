import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { addMonths } from '../../kernel/month.ts'
import { findClient } from '../../partners/find-client.ts'
import { loadAccounts } from './demo-accounts.ts'
import { type KnownCustomer, loadConsents } from './demo-consents.ts'
import { planContributions, reportOthers } from './demo-contributions.ts'
import { loadCustomers } from './demo-customers.ts'
import { loadFacts, planFacts } from './demo-facts.ts'
import { loadPartners, PLANNED_PARTNERS } from './demo-partners.ts'
import { loadPayments } from './demo-payments.ts'
import { closeMonths, isLocked } from './demo-periods.ts'
import { accountKeyOf, type DemoPlan, PROGRAMME, planFor } from './demo-plan.ts'
import { loadProducts } from './demo-products.ts'
import { loadProgramme } from './demo-programme.ts'
import { planReferrals, reportReferrals } from './demo-referrals.ts'
import { loadRewards } from './demo-rewards.ts'
import { type DemoState, type DemoSummary, readState, writeState } from './demo-state.ts'
import { DEMO_TAGS } from './demo-tags.ts'
import { type OnProgress, progressOf } from './progress.ts'

export type LoadDemoOptions = {
  /** Where keys and files are kept, for their owner only. */
  readonly folder: string
  /** All times derive from it; of a demonstration that was begun before, from when that was. */
  readonly now: Date
  /** Where the server is reached; it is kept in no fact. */
  readonly origin: string
  /** Share of the whole demonstration, above 0; 1 unless told. */
  readonly scale?: number
  readonly onProgress: OnProgress
}

/**
 * Loads a made-up ecosystem through the same verbs that everybody uses: partners, customers, consents, facts, and two
 * settled months of a programme, the first of them paid. One that was interrupted goes on where it stopped, and a whole one is left as it is.
 * Throws what the verbs throw.
 */
export async function loadDemo(context: Context, options: LoadDemoOptions): Promise<DemoSummary> {
  const { folder, now, scale = 1 } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const state = (await readState(folder)) ?? { now: now.toISOString(), scale }
  if (state.summary && (await isWhole(context, state.summary))) return state.summary
  const begun = { now: state.now, scale: state.scale }
  await writeState(folder, begun)
  const summary = await loadAll(context, options, begun)
  await writeState(folder, { ...begun, summary })
  return summary
}

/** The folder's word is not enough: the database may be another one by now. */
async function isWhole(context: Context, { sample, counts }: DemoSummary): Promise<boolean> {
  if (!(await isLocked(context, sample.month))) return false
  return counts.partners === PLANNED_PARTNERS.length && (await findClient(context, sample.clientId)) !== undefined
}

async function loadAll(
  context: Context,
  { folder, onProgress }: LoadDemoOptions,
  { now, scale }: DemoState,
): Promise<DemoSummary> {
  const plan = planFor(new Date(now), scale)
  const progress = progressOf(amountOf(plan), onProgress)
  const partners = await loadPartners(context, folder, progress.counting('partners'))
  await loadProducts(context, folder, plan, progress.upTo('products'))
  await loadCustomers(context, folder, plan, progress.upTo('customers'))
  const known = await loadConsents(context, plan, partners, progress.counting('consents'))
  await loadProgramme(context, plan, partners)
  await loadRewards(context, partners)
  await loadAccounts(context, partners)
  const referrals = planReferrals(plan, partners, known)
  await reportReferrals(context, referrals, progress.counting('referrals'))
  await reportOthers(context, planContributions(plan, partners, referrals), progress.counting('contributions'))
  const file = path.join(folder, 'revenue.ndjson')
  await loadFacts(context, file, planFacts(plan, referrals), progress.upTo('revenue'))
  await closeMonths(context, plan.months, progress.counting('settlement'))
  await loadPayments(context, folder, { plan, partners })
  progress.finish()
  return summaryOf(plan, known)
}

function amountOf({ customers, products, consenting, referrals, revenue, months }: DemoPlan): number {
  return PLANNED_PARTNERS.length + customers + products + consenting + 2 * referrals + revenue + months.length
}

function summaryOf(plan: DemoPlan, [first]: readonly KnownCustomer[]): DemoSummary {
  invariant(first, 'the first customer consents to the first partner')
  const { customers, products, consenting, referrals, revenue, months } = plan
  const counts = { partners: PLANNED_PARTNERS.length, tags: DEMO_TAGS.length }
  const month = months.at(-1)
  invariant(month, 'a month is settled')
  return {
    counts: { ...counts, customers, products, consenting, referrals, revenue },
    months: { closed: [...months], open: addMonths(month, 1) },
    sample: {
      partner: first.partner.code,
      clientId: first.partner.caller.client,
      subject: first.subject,
      purpose: first.purpose,
      accountKey: accountKeyOf(first.customer),
      programme: PROGRAMME.code,
      month,
    },
  }
}
