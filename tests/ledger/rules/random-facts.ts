import { addMonths, DAY, monthSpan } from '../../support/naive-rules/calendar.ts'
import type { Contribution, Member, Revenue } from '../../support/naive-rules/world.ts'
import type { Dice } from './dice.ts'
import { CAMPAIGNS, CATEGORIES, MARKETS, PRODUCTS, STEMS, UNITS } from './names.ts'

/** Facts are about these, at times many of which are the same. */
export type Ground = {
  readonly zone: string
  readonly months: readonly string[]
  readonly members: readonly Member[]
  readonly customers: readonly string[]
  /** Sources of the broker's facts, of this case alone. */
  readonly sources: readonly string[]
  readonly asset: string
}

const REPORTED_KINDS = ['REFERRAL', 'COURSE_COMPLETION', 'TRAFFIC', 'DATA', 'SERVICE_OUTCOME'] as const

/** A contribution and whom it names, also where the broker does not know who that is. */
export type Reported = Contribution & {
  readonly lead: string | undefined
  /** Whether its kind waits for the broker's word, and what that is. */
  readonly waits: boolean
  readonly decision: 'confirmed' | 'rejected' | undefined
}

/** Instants at which facts lie: boundaries, whole days apart to the millisecond, and what chance gives. */
export function timesOf(dice: Dice, { zone, months }: Pick<Ground, 'zone' | 'months'>): () => number {
  const spans = months.map((month) => monthSpan(month, zone))
  const begin = spans[0]?.from ?? 0
  const end = spans.at(-1)?.to ?? 0
  const anywhere = (): number => dice.from(begin, end - 1)
  const bases = dice.times(4, anywhere)
  const around = [...bases, ...spans.map(({ from }) => from)]
  const apart = around.flatMap((at) => [1, 3, 7, 10, 30, 40, 90].map((days) => at + days * DAY))
  const later = around.flatMap((at) => [1, 2, 3].map((count) => addMonths(at, count, zone)))
  const nearby = [...around, ...apart, ...later].flatMap((at) => [at - 1, at, at, at + 1])
  const grid = nearby.filter((at) => at >= begin && at < end)
  return () => (dice.chance(70) ? dice.pick(grid) : anywhere())
}

/** What the partners report. */
export function randomContributions(
  dice: Dice,
  { members, customers, months }: Ground,
  count: number,
  time: () => number,
): readonly Reported[] {
  const known = new Map(
    members.flatMap(({ code }) => customers.map((customer) => [`${code} ${customer}`, dice.chance(90)] as const)),
  )
  const waiting = new Set(members.flatMap(({ code }) => (dice.chance(25) ? waitingKinds(dice, code) : [])))
  return dice.times(count, (place) => {
    const { code, accrues } = dice.pick(members)
    const kind = dice.pick([...REPORTED_KINDS, 'REFERRAL', 'DATA', 'DATA'] as const)
    const customer = kind === 'TRAFFIC' && dice.chance(70) ? undefined : dice.pick(customers)
    const waits = waiting.has(`${code} ${kind}`)
    const decision = waits && dice.chance(80) ? dice.pick(['confirmed', 'confirmed', 'rejected'] as const) : undefined
    const course = kind === 'COURSE_COMPLETION' ? dice.pick(['options', 'bonds']) : undefined
    const units = course === undefined ? undefined : course === 'options' ? 12n : 7n
    return {
      code,
      externalId: `${dice.pick(STEMS)}${place}`,
      kind,
      at: time(),
      lead: customer,
      named: customer !== undefined,
      customer: customer !== undefined && known.get(`${code} ${customer}`) ? customer : undefined,
      told: accrues ? tellingOf(dice, months) : 0,
      decision,
      waits,
      confirmed: !waits || decision === 'confirmed',
      quantity: kind === 'TRAFFIC' ? BigInt(dice.from(0, 3000)) : BigInt(dice.from(0, Number(units ?? 3n))),
      minor: randomWorth(dice, kind),
      campaign: dice.maybe(CAMPAIGNS),
      market: dice.maybe(MARKETS),
      product: dice.maybe(PRODUCTS),
      course,
      units,
      unit: kind === 'TRAFFIC' ? dice.pick(UNITS) : undefined,
      score: kind === 'SERVICE_OUTCOME' ? BigInt(dice.pick([0, 49, 50, 79, 80, 100])) : undefined,
    }
  })
}

/** What of a partner's waits for the broker's word. */
function waitingKinds(dice: Dice, code: string): readonly string[] {
  return dice
    .shuffled(REPORTED_KINDS)
    .slice(0, 2)
    .map((kind) => `${code} ${kind}`)
}

function randomWorth(dice: Dice, kind: Contribution['kind']): bigint | undefined {
  const priced = kind === 'SERVICE_OUTCOME' || (kind === 'COURSE_COMPLETION' && dice.chance(80))
  return priced ? BigInt(dice.pick([0, 5, 333, 1000, 19_900, dice.from(0, 100_000)])) : undefined
}

/** What the broker says that the customers brought in; some are refunds. */
export function randomRevenue(dice: Dice, ground: Ground, count: number, time: () => number): readonly Revenue[] {
  const { customers, sources, asset } = ground
  const events: Revenue[] = []
  for (let place = 0; place < count; place++) {
    const original = dice.chance(15) ? refundable(dice, ground, events) : undefined
    const externalId = `${dice.pick(STEMS)}${place}`
    if (original !== undefined) {
      events.push(refundOf(dice, ground, original, externalId))
      continue
    }
    events.push({
      source: dice.pick(sources),
      externalId,
      customer: dice.pick(customers),
      base: dice.pick(['COMMISSION', 'COMMISSION', 'COMMISSION', 'FEE', 'ASSETS', 'FLOWS', 'VOLUME']),
      asset: dice.chance(3) ? 'USD/2' : asset,
      minor: randomMinor(dice),
      at: time(),
      product: dice.maybe(PRODUCTS),
      category: dice.maybe(CATEGORIES),
      market: dice.maybe(MARKETS),
      refundOf: undefined,
      told: tellingOf(dice, ground.months),
    })
  }
  return events
}

function refundable(dice: Dice, { asset }: Ground, events: readonly Revenue[]): Revenue | undefined {
  const bought = events.filter((event) => event.minor > 0n && event.asset === asset && event.base !== 'ASSETS')
  return bought.length === 0 ? undefined : dice.pick(bought)
}

/** A refund, of the month of what it refunds or of a later one, and told no earlier than that. */
function refundOf(dice: Dice, { zone, months }: Ground, original: Revenue, externalId: string): Revenue {
  const ends = months.map((month) => monthSpan(month, zone).to)
  const end = ends.find((to) => original.at < to) ?? original.at + 1
  const days = original.at + dice.pick([10, 30, 90]) * DAY
  const anyLater = dice.pick([dice.from(original.at, (ends.at(-1) ?? end) - 1), days - 1, days])
  const at = dice.pick([original.at, dice.from(original.at, end - 1), Math.min(anyLater, (ends.at(-1) ?? end) - 1)])
  const minor = dice.chance(60) ? -original.minor : -BigInt(dice.from(1, 2000))
  const told = dice.from(original.told, months.length - 1)
  return { ...original, externalId, at, minor, refundOf: original.externalId, told }
}

/** Mostly before all closings, so in time. */
function tellingOf(dice: Dice, months: readonly string[]): number {
  return dice.chance(70) ? 0 : dice.from(0, months.length - 1)
}

function randomMinor(dice: Dice): bigint {
  const amount = BigInt(dice.pick([0, 1, 7, 100, 333, 1000, 1001, dice.from(0, 3000), dice.from(0, 100_000_000)]))
  return dice.chance(12) ? -amount : amount
}
