import type { HourOfReads } from '../../../customers/alarms/hour-of-reads.ts'

/** How a made-up partner works. */
export type Habit = {
  /** Customers with consents at the beginning, and how many more each day. */
  readonly customers: number
  readonly growth: number
  /** What share of its customers it looks at on a working day. */
  readonly share: number
  /** First and last hour of its day, and what a weekend is to a working day. */
  readonly from: number
  readonly to: number
  readonly weekend: number
  /** Reads everything at this hour each so many days. */
  readonly batch?: { readonly hour: number; readonly everyDays: number }
  /** On these days a campaign brings so many new consents. */
  readonly campaigns: readonly { readonly day: number; readonly consents: number }[]
  /** Share of reads that get nothing. */
  readonly misses: number
}

/** A generator that always gives the same (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A habit out of the many that there are. */
export function habitOf(random: () => number): Habit {
  const customers = Math.round(10 ** (2 + random() * 2.3))
  const from = 6 + Math.floor(random() * 4)
  return {
    customers,
    growth: customers * random() * 0.006,
    share: 0.02 + random() * 0.2,
    from,
    to: from + 8 + Math.floor(random() * 6),
    weekend: random() * 0.6,
    ...(random() < 0.3 && { batch: { hour: 2, everyDays: random() < 0.5 ? 1 : 7 } }),
    campaigns: [{ day: 100 + Math.floor(random() * 200), consents: Math.round(customers * random()) }],
    misses: random() * 0.08,
  }
}

/**
 * What a partner reads hour by hour, from midnight on a Monday, in UTC. Its days differ as those of people do: a day is a
 * fifth more or less, an hour as chance has it. An old customer who was never read is rare: new ones are read in their first
 * week, but for one in fifty.
 */
export function yearOf(habit: Habit, random: () => number, days = 365): HourOfReads[] {
  const hours: HourOfReads[] = []
  let population = habit.customers
  for (let day = 0; day < days; day++) {
    const campaign = habit.campaigns.find((each) => each.day === day)?.consents ?? 0
    const fresh = poisson(habit.growth, random) + campaign
    population += fresh
    const working = day % 7 < 5 ? 1 : habit.weekend
    const wanted = population * habit.share * working * (1 + 0.2 * normal(random)) + fresh
    const open = habit.to - habit.from
    let seen = 0
    for (let clock = 0; clock < 24; clock++) {
      const { batch } = habit
      const all = batch !== undefined && batch.hour === clock && day % batch.everyDays === 0
      const byDay = clock >= habit.from && clock < habit.to ? Math.max(0, wanted) / open : 0
      // now and then somebody works late
      const late = random() < 0.01 ? 3 : 0
      const customers = all ? population : Math.min(population, poisson(byDay, random) + late)
      if (customers === 0) continue
      const dayCustomers = Math.max(0, Math.min(customers, population - seen))
      seen += dayCustomers
      const isNew = Math.min(1, (fresh * 7) / population)
      const oldCustomers = Math.round(dayCustomers * (1 - isNew))
      const misses = poisson(customers * habit.misses, random)
      hours.push({
        ...{
          hour: day * 24 + clock,
          day,
          clock,
          reads: customers + misses,
          misses,
          customers,
          dayCustomers,
          oldCustomers,
        },
        firstReads: Math.min(oldCustomers, poisson((dayCustomers / population) * habit.growth * 0.02, random)),
      })
    }
  }
  return hours
}

/** Puts more reads into an hour than there were. */
export function withMore(
  hours: readonly HourOfReads[],
  more: Partial<HourOfReads> & Pick<HourOfReads, 'hour'>,
): HourOfReads[] {
  const { hour } = more
  const day = Math.floor(hour / 24)
  const none = { reads: 0, misses: 0, customers: 0, dayCustomers: 0, oldCustomers: 0, firstReads: 0 }
  const so = hours.find((each) => each.hour === hour) ?? { hour, day, clock: hour % 24, ...none }
  const sum = (key: keyof typeof none): number => so[key] + (more[key] ?? 0)
  const both: HourOfReads = {
    ...{ hour, day, clock: hour % 24, reads: sum('reads'), misses: sum('misses'), customers: sum('customers') },
    ...{ dayCustomers: sum('dayCustomers'), oldCustomers: sum('oldCustomers'), firstReads: sum('firstReads') },
  }
  return [...hours.filter((each) => each.hour !== hour), both].toSorted((a, b) => a.hour - b.hour)
}

function poisson(mean: number, random: () => number): number {
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(random)))
  let [count, product] = [0, random()]
  for (const limit = Math.exp(-mean); product > limit; count++) product *= random()
  return count
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
