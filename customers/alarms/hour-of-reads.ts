/** What a partner read in one hour. */
export type HourOfReads = {
  /** Hours since 1970 (UTC). */
  readonly hour: number
  /** Days since 1970, and hour of the day, in the installation's time zone. */
  readonly day: number
  readonly clock: number
  readonly reads: number
  /** Those that got nothing. */
  readonly misses: number
  /** Different customers in the hour. */
  readonly customers: number
  /** Those who were the day's first, and of these those who had consented a week or more before. */
  readonly dayCustomers: number
  readonly oldCustomers: number
  /** Never read before, though they had consented a week or more before. */
  readonly firstReads: number
}

/** The sums of a day. */
export type DayOfReads = Pick<HourOfReads, 'reads' | 'misses' | 'dayCustomers' | 'oldCustomers' | 'firstReads'> & {
  readonly day: number
  /** The most customers in one of its hours. */
  readonly peak: number
}

/** So many days back alarms look. */
export const DAYS_BACK = 84

const NOTHING = { reads: 0, misses: 0, dayCustomers: 0, oldCustomers: 0, firstReads: 0, peak: 0 }

/** The days of these hours on which there were reads, by their numbers. */
function daysOf(hours: readonly HourOfReads[]): ReadonlyMap<number, DayOfReads> {
  const days = new Map<number, DayOfReads>()
  for (const hour of hours) {
    const { day } = hour
    const so = days.get(day) ?? { day, ...NOTHING }
    days.set(day, {
      day,
      reads: so.reads + hour.reads,
      misses: so.misses + hour.misses,
      dayCustomers: so.dayCustomers + hour.dayCustomers,
      oldCustomers: so.oldCustomers + hour.oldCustomers,
      firstReads: so.firstReads + hour.firstReads,
      peak: Math.max(so.peak, hour.customers),
    })
  }
  return days
}

/** What an alarm looks at: one hour, and all that went before it. */
export type Outlook = {
  readonly now: HourOfReads
  /** Up to and with the hour, ascending. */
  readonly hours: readonly HourOfReads[]
  readonly days: ReadonlyMap<number, DayOfReads>
  /** Today so far. */
  readonly today: DayOfReads
  /** Days before today with reads. */
  readonly past: readonly DayOfReads[]
}

/** The outlook at the last of these hours, which ascend. */
export function outlookAt(hours: readonly HourOfReads[]): Outlook | undefined {
  const now = hours.at(-1)
  if (now === undefined) return undefined
  const recent = hours.filter(({ day }) => day > now.day - DAYS_BACK)
  const days = daysOf(recent)
  const today = days.get(now.day) ?? { day: now.day, ...NOTHING }
  return { now, hours: recent, days, today, past: [...days.values()].filter(({ day }) => day < now.day) }
}
