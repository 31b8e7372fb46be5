import path from 'node:path'
import type { Context } from '../../database/context.ts'
import { importRevenue } from '../../ledger/facts/import-revenue.ts'
import { accountKeyOf, type DemoPlan, PROGRAMME, productIdOf, SOURCE } from './demo-plan.ts'
import { categoryOf } from './demo-products.ts'
import type { DemoReferral } from './demo-referrals.ts'
import { writePrivately } from './private-files.ts'
import { type Random, randomFrom } from './random.ts'
import { refuseRefusals } from './refusals.ts'

/** A fact of the broker, as a line of its file. */
export type DemoFact = { readonly externalId: string; readonly occurredAt: string }

/** The broker's facts: who the leads are, and what customers brought in; the same each time. */
export function planFacts(plan: DemoPlan, referrals: readonly DemoReferral[]): readonly DemoFact[] {
  return [...referrals.flatMap(bindingOf), ...revenueOf(plan, referrals)]
}

/** Writes facts of the broker to a file and imports it. */
export async function loadFacts(
  context: Context,
  file: string,
  facts: readonly DemoFact[],
  onRows: (rows: number) => void,
): Promise<void> {
  await writePrivately(file, facts.map((fact) => `${JSON.stringify(fact)}\n`).join(''))
  const onProgress = ({ rows }: { readonly rows: number }): void => onRows(rows)
  refuseRefusals(path.basename(file), await importRevenue(context, { file, source: SOURCE, onProgress }))
}

function bindingOf({ lead, partner, customer, occurredAt }: DemoReferral): readonly DemoFact[] {
  if (lead === undefined) return []
  const who = { type: 'lead_bound', partner: partner.code, lead, customer: accountKeyOf(customer) }
  return [{ externalId: `bind-${lead}`, occurredAt: occurredAt.toISOString(), ...who }]
}

type Revenue = DemoFact & {
  readonly customer: string
  readonly minor: number
  readonly product: string
  readonly category: string
}

const REFUNDS = 0.03
const UNREFERRED = 0.1

function revenueOf(plan: DemoPlan, referrals: readonly DemoReferral[]): readonly DemoFact[] {
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
function refundOf<Fact extends Revenue>(random: Random, plan: DemoPlan, fact: Fact): DemoFact {
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
