import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { addDays } from '../../kernel/month.ts'
import { reportContributions } from '../../ledger/facts/report-contributions.ts'
import type { DemoPartner } from './demo-partners.ts'
import { type DemoPlan, PROGRAMME } from './demo-plan.ts'
import type { DemoReferral } from './demo-referrals.ts'
import { type Random, randomFrom } from './random.ts'

/** What a partner did beside referring, as it reports it. */
export type DemoContribution = { readonly partner: DemoPartner; readonly item: object }

const TEACHERS: ReadonlySet<string> = new Set(['bamboo-academy'])
const ADVISERS: ReadonlySet<string> = new Set(['north-star-tax', 'pine-advisory'])
const DATA_SUPPLIERS: ReadonlySet<string> = new Set(['cloud-travel', 'silk-road-tours', 'evergreen-life'])
const SHOPS: ReadonlySet<string> = new Set(['pearl-market', 'lantern-shop'])

type Course = { readonly course: string; readonly units: number; readonly minor: number }

const COURSES: readonly [Course, ...Course[]] = [
  { course: 'options-basics', units: 12, minor: 19_900 },
  { course: 'fund-investing', units: 8, minor: 9_900 },
  { course: 'tax-for-investors', units: 20, minor: 49_900 },
]

/** Courses, services and data about the customers whom a partner referred, and traffic day by day: the same each time. */
export function planContributions(
  plan: DemoPlan,
  partners: readonly DemoPartner[],
  referrals: readonly DemoReferral[],
): readonly DemoContribution[] {
  const random = randomFrom('contributions')
  const about = (those: ReadonlySet<string>): readonly DemoReferral[] =>
    referrals.filter(({ partner }) => those.has(partner.code))
  return [
    ...about(TEACHERS).flatMap((referral) => courseOf(random, plan, referral)),
    ...about(ADVISERS).map((referral) => serviceOf(random, plan, referral)),
    ...about(DATA_SUPPLIERS).flatMap((referral) => touchesOf(random, plan, referral)),
    ...partners.filter(({ code }) => SHOPS.has(code)).flatMap((partner) => trafficOf(random, plan, partner)),
  ]
}

/** Each partner reports in one batch; what was reported before changes nothing. */
export async function reportOthers(
  context: Context,
  contributions: readonly DemoContribution[],
  onDone: (count: number) => void,
): Promise<void> {
  for (const [{ caller }, own] of Map.groupBy(contributions, ({ partner }) => partner)) {
    const results = await reportContributions(context, { caller, items: own.map(({ item }) => item) })
    const refused = results.find(({ outcome }) => outcome === 'refused')
    invariant(refused === undefined, `a contribution was refused: ${JSON.stringify(refused)}`)
    onDone(own.length)
  }
}

/** The enrolment tells the price; half of the customers come further. */
function courseOf(random: Random, plan: DemoPlan, referral: DemoReferral): readonly DemoContribution[] {
  const { minor, ...course } = random.pick(COURSES)
  const begun = random.between(0, 2)
  const done = random.between(begun, course.units)
  const enrolledAt = between(random, beginOf(plan, referral), plan.now)
  const common = { kind: 'COURSE_COMPLETION', ...course }
  const enrolment = { ...common, quantity: begun, asset: PROGRAMME.asset, minor, occurredAt: enrolledAt }
  const progress = { ...common, quantity: done, occurredAt: between(random, enrolledAt, plan.now) }
  const further = random.chance(0.5) ? [contributed(referral, 'course-b', progress)] : []
  return [contributed(referral, 'course-a', enrolment), ...further]
}

function serviceOf(random: Random, plan: DemoPlan, referral: DemoReferral): DemoContribution {
  const fee = { asset: PROGRAMME.asset, minor: random.between(5_000, 80_000) }
  const occurredAt = between(random, beginOf(plan, referral), plan.now)
  return contributed(referral, 'service', {
    kind: 'SERVICE_OUTCOME',
    ...fee,
    score: random.between(40, 100),
    occurredAt,
  })
}

function touchesOf(random: Random, plan: DemoPlan, referral: DemoReferral): readonly DemoContribution[] {
  return Array.from({ length: random.between(1, 3) }, (_, place) => {
    const occurredAt = between(random, beginOf(plan, referral), plan.now)
    return contributed(referral, `data-${place}`, { kind: 'DATA', campaign: referral.campaign, occurredAt })
  })
}

function trafficOf(random: Random, plan: DemoPlan, partner: DemoPartner): readonly DemoContribution[] {
  const contributions: DemoContribution[] = []
  for (let at = plan.from; at < plan.now; at = addDays(at, 1)) {
    const externalId = `clicks-${at.toISOString().slice(0, 10)}`
    const item = { externalId, kind: 'TRAFFIC', unit: 'CLICK', quantity: random.between(200, 6_000), market: 'CN' }
    contributions.push({ partner, item: { ...item, occurredAt: at } })
  }
  return contributions
}

/** About the customer of a referral, by the same name. */
function contributed(referral: DemoReferral, what: string, item: object): DemoContribution {
  const { partner, subject, lead } = referral
  const who = subject === undefined ? { lead } : { subject }
  return { partner, item: { externalId: `${referral.externalId}-${what}`, market: 'CN', ...who, ...item } }
}

/** Prices and fees need an agreement, which begins with the first month. */
function beginOf(plan: DemoPlan, { occurredAt }: DemoReferral): Date {
  return occurredAt > plan.from ? occurredAt : plan.from
}

function between(random: Random, from: Date, to: Date): Date {
  return new Date(from.getTime() + Math.floor((to.getTime() - from.getTime()) * random.fraction()))
}
