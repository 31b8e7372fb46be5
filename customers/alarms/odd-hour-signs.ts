import type { HourOfReads, Outlook } from './hour-of-reads.ts'
import { median } from './robust.ts'
import type { Alarm } from './sign.ts'

const DAYS_LOOKED_AT = 28
/** Of so many of these days there must be reads, or the partner has no hours yet. */
const LEAST_DAYS = 10
/** On so many days an hour is used, or one beside it. */
const USED_ON = 2
const HOURS_OF_DAY = 24
/** At its own hours a partner may do what it likes; at others a tenth of a usual day. */
const SHARE_OF_DAY = 0.1

/** Customers in the last 24 hours at hours of the day that the partner did not use in the four weeks before. */
export const oddHourSigns: Alarm = (outlook, { oddHourCustomers }) => {
  const { now, hours, past } = outlook
  const before = past.filter(({ day, dayCustomers }) => day >= now.day - DAYS_LOOKED_AT && dayCustomers > 0)
  if (before.length < LEAST_DAYS) return []
  const used = usedClocks(outlook)
  const odd = hours.filter(({ hour, clock }) => hour > now.hour - HOURS_OF_DAY && !used.has(clock))
  const usual = median(before.map(({ dayCustomers }) => dayCustomers))
  return [
    {
      kind: 'UNUSUAL_HOURS',
      span: 'DAY',
      measured: odd.reduce((sum, { customers }) => sum + customers, 0),
      expected: 0,
      allowed: Math.max(oddHourCustomers, SHARE_OF_DAY * usual),
    },
  ]
}

/** Hours of the day that were used on some days, and those beside them. The last 24 hours say nothing about it. */
function usedClocks({ now, hours }: Outlook): ReadonlySet<number> {
  const onDays = new Map<number, number>()
  for (const { clock } of hours.filter((each) => isBefore(each, now))) onDays.set(clock, (onDays.get(clock) ?? 0) + 1)
  const used = new Set<number>()
  for (const [clock, count] of onDays) {
    if (count < USED_ON) continue
    for (const beside of [-1, 0, 1]) used.add((clock + beside + HOURS_OF_DAY) % HOURS_OF_DAY)
  }
  return used
}

function isBefore({ hour, day, customers }: HourOfReads, now: HourOfReads): boolean {
  return customers > 0 && day >= now.day - DAYS_LOOKED_AT && hour <= now.hour - HOURS_OF_DAY
}
