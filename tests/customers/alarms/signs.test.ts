import { describe, expect, test } from 'vitest'
import { DEFAULT_ALARMS } from '../../../customers/alarms/alarm-settings.ts'
import type { AlertKind } from '../../../customers/alarms/alert.ts'
import { DAYS_BACK, type HourOfReads } from '../../../customers/alarms/hour-of-reads.ts'
import { signsAt } from '../../../customers/alarms/signs-at.ts'
import { type Habit, habitOf, seeded, withMore, yearOf } from './ordinary-partners.ts'

const DAY = 24
/** A partner of 5,000 customers at work from 8 to 18, who looks at a tenth of them a day. */
const SHOP: Habit = {
  ...{ customers: 5000, growth: 10, share: 0.1, from: 8, to: 18, weekend: 0.2, campaigns: [], misses: 0.03 },
}

/** Signs at an hour, and when first a kind is seen from a day on; undefined if never. */
function signsIn(hours: readonly HourOfReads[], hour: number): ReturnType<typeof signsAt> {
  const known = hours.filter((each) => each.hour <= hour && each.hour > hour - (DAYS_BACK + 2) * DAY)
  return known.at(-1)?.hour === hour ? signsAt(known, DEFAULT_ALARMS) : []
}

function firstSeen(hours: readonly HourOfReads[], kind: AlertKind, fromDay: number): number | undefined {
  const later = hours.filter(({ day }) => day >= fromDay)
  return later.find(({ hour }) => signsIn(hours, hour).some((sign) => sign.kind === kind))?.hour
}

test('ordinary partners open next to no alert in a year: each is a day on which a campaign doubled a partner', () => {
  const partners = 24
  let alerts = 0
  let looked = 0
  for (let seed = 1; seed <= partners; seed++) {
    const random = seeded(seed)
    const habit = habitOf(random)
    const hours = yearOf(habit, random)
    const campaigns = new Set(habit.campaigns.flatMap(({ day }) => Array.from({ length: 8 }, (_, n) => day + n)))
    let start = 0
    for (const [index, { day, clock }] of hours.entries()) {
      const isLast = hours[index + 1]?.day !== day
      if (day < 8 * 7 || !(isLast || clock === 2)) continue
      while ((hours[start]?.day ?? day) <= day - DAYS_BACK) start++
      const signs = signsAt(hours.slice(start, index + 1), DEFAULT_ALARMS)
      looked++
      if (signs.length === 0) continue
      alerts++
      expect([seed, day, campaigns.has(day), signs]).toEqual([seed, day, true, signs])
    }
  }
  expect(looked).toBeGreaterThan(partners * 200)
  expect(alerts).toBeLessThanOrEqual(3)
})

describe('an attack is found', () => {
  const usual = yearOf(SHOP, seeded(1), 120)
  const from = 100

  test.each([
    [1500, 'in the hour in which it is made'],
    [4000, 'in the hour in which it is made'],
  ])('that takes %i customers at noon, %s', (customers) => {
    const hour = from * DAY + 12
    const all = { customers, dayCustomers: customers, oldCustomers: customers, reads: customers }
    const hours = withMore(usual, { hour, ...all })
    expect(firstSeen(usual, 'BULK_EXPORT', from)).toBeUndefined()
    expect(firstSeen(hours, 'BULK_EXPORT', from)).toBe(hour)
  })

  test.each([
    [150, 3],
    [60, 6],
    [25, 25],
  ])('that takes %i customers a day who were never read before, within %i days', (aDay, within) => {
    let hours: HourOfReads[] = usual
    for (let day = from; day < 120; day++) {
      // new hours of old days are as they were; a trickle at working hours
      const more = { customers: aDay, dayCustomers: aDay, oldCustomers: aDay, firstReads: aDay, reads: aDay }
      hours = withMore(hours, { hour: day * DAY + 10, ...more })
    }
    const seen = firstSeen(hours, 'SLOW_SCRAPING', from)
    expect(firstSeen(usual, 'SLOW_SCRAPING', from)).toBeUndefined()
    if (aDay * 20 <= 2 * DEFAULT_ALARMS.weekFirstReads) return expect(seen).toBeUndefined()
    expect(Math.floor((seen ?? Number.POSITIVE_INFINITY) / DAY) - from).toBeLessThan(within)
  })

  test('that reads at night what the partner reads by day', () => {
    const hours = withMore(usual, { hour: from * DAY + 3, customers: 130, dayCustomers: 130, reads: 130 })
    expect(signsIn(hours, from * DAY + 3).map(({ kind }) => kind)).toEqual(['UNUSUAL_HOURS'])
    expect(firstSeen(usual, 'UNUSUAL_HOURS', 60)).toBeUndefined()
  })

  test('that guesses subjects', () => {
    const hours = withMore(usual, { hour: from * DAY + 11, misses: 900, reads: 900 })
    expect(signsIn(hours, from * DAY + 11).map(({ kind }) => kind)).toEqual(['MANY_MISSES'])
  })

  test('but a new batch that comes each week is told of twice at most, and one that is known never', () => {
    const batch: Habit = { ...SHOP, batch: { hour: 2, everyDays: 7 } }
    const hours = yearOf(batch, seeded(2), 120)
    const told = hours.filter(({ hour, clock }) => clock === 2 && signsIn(hours, hour).length > 0)
    expect(told.length).toBeLessThanOrEqual(2)
    expect(told.every(({ day }) => day <= 7)).toBe(true)
  })
})
