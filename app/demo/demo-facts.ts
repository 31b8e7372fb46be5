import path from 'node:path'
import type { Context } from '../../database/context.ts'
import { importRevenue } from '../../ledger/facts/import-revenue.ts'
import { accountKeyOf, type DemoPlan, PROGRAMME, productIdOf, SOURCE } from './demo-plan.ts'
import { categoryOf } from './demo-products.ts'
import type { DemoReferral } from './demo-referrals.ts'
import { writePrivately } from './private-files.ts'
import { type Random, randomFrom } from './random.ts'
import { refuseRefusals } from './refusals.ts'

/** Writes the broker's facts – who the leads are, and what customers brought in – and imports them. */
export async function loadFacts(
  context: Context,
  folder: string,
  { plan, referrals }: { readonly plan: DemoPlan; readonly referrals: readonly DemoReferral[] },
  onRows: (rows: number) => void,
): Promise<void> {
  const file = path.join(folder, 'revenue.ndjson')
  const facts = [...referrals.flatMap(bindingOf), ...revenueOf(plan, referrals)]
  await writePrivately(file, facts.map((fact) => `${JSON.stringify(fact)}\n`).join(''))
  const onProgress = ({ rows }: { readonly rows: number }): void => onRows(rows)
  refuseRefusals('revenue.ndjson', await importRevenue(context, { file, source: SOURCE, onProgress }))
}

function bindingOf({ lead, partner, customer, occurredAt }: DemoReferral): readonly object[] {
  if (lead === undefined) return []
  const externalId = `bind-${lead}`
  const who = { partner: partner.code, lead, customer: accountKeyOf(customer) }
  return [{ type: 'lead_bound', externalId, ...who, occurredAt: occurredAt.toISOString() }]
}

type Revenue = {
  readonly externalId: string
  readonly customer: string
  readonly minor: number
  readonly occurredAt: string
  readonly product: string
  readonly category: string
}

const REFUNDS = 0.03
const UNREFERRED = 0.1

function revenueOf(plan: DemoPlan, referrals: readonly DemoReferral[]): readonly object[] {
  const random = randomFrom('revenue')
  const [first, ...others] = referrals
  if (first === undefined) return []
  return Array.from({ length: plan.revenue }, (_, place) => {
    const referral = random.pick([first, ...others])
    const revenue = revenueAt(random, plan, { place, referral })
    const fact = { type: 'revenue', base: 'COMMISSION', asset: PROGRAMME.asset, market: 'CN', ...revenue }
    return random.chance(REFUNDS) ? [fact, refundOf(random, plan, fact)] : [fact]
  }).flat()
}

function revenueAt(
  random: Random,
  plan: DemoPlan,
  { place, referral }: { readonly place: number; readonly referral: DemoReferral },
): Revenue {
  const stranger = random.chance(UNREFERRED)
  const product = random.between(0, plan.products - 1)
  return {
    externalId: `rev-${String(place + 1).padStart(6, '0')}`,
    customer: accountKeyOf(stranger ? random.between(0, plan.customers - 1) : referral.customer),
    minor: random.between(200, 60_000),
    occurredAt: between(random, referral.occurredAt, plan.now),
    product: productIdOf(product),
    category: categoryOf(product),
  }
}

/** A part of it, or all, some time later; it takes product and market from what it refunds. */
function refundOf<Fact extends Revenue>(random: Random, plan: DemoPlan, fact: Fact): object {
  const { product: _, category: __, ...same } = fact
  return {
    ...same,
    externalId: `${fact.externalId}-refund`,
    refundOf: fact.externalId,
    minor: -random.between(100, fact.minor),
    occurredAt: between(random, new Date(fact.occurredAt), plan.now),
  }
}

function between(random: Random, from: Date, to: Date): string {
  const span = to.getTime() - from.getTime()
  return new Date(from.getTime() + Math.floor(span * random.fraction())).toISOString()
}
