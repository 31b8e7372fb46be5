import type { DayOfReads, Outlook } from './hour-of-reads.ts'
import { allowedAfter, median } from './robust.ts'
import type { Alarm, Sign } from './sign.ts'

const LEAST_WEEKS = 3
const WEEKS_BACK = 8
const MONTHS_BACK = 2

/**
 * Slow scraping, below every limit of a day: customers who consented long ago and were never read before, over a week and
 * over four; and, once there are three weeks to compare with, all that a week read of old consents. New consents count in
 * none of it, or a campaign that brings many would look the same.
 */
export const slowSigns: Alarm = (outlook, { weekFirstReads, weekCustomers, factor }) => {
  const firsts = ({ firstReads }: DayOfReads): number => firstReads
  const all = ({ oldCustomers }: DayOfReads): number => oldCustomers
  const week = { span: 'WEEK', length: 7, back: WEEKS_BACK, factor } as const
  const month = { span: 'MONTH', length: 28, back: MONTHS_BACK, factor } as const
  const repeated = { ...week, floor: weekCustomers, least: LEAST_WEEKS }
  return [
    signOver(outlook, firsts, { ...week, floor: weekFirstReads, least: 2 }),
    signOver(outlook, firsts, { ...month, floor: 2 * weekFirstReads, least: 1 }),
    ...(pastOf(outlook, all, repeated).length < LEAST_WEEKS ? [] : [signOver(outlook, all, repeated)]),
  ]
}

type Over = {
  readonly span: 'WEEK' | 'MONTH'
  /** In days, today included. */
  readonly length: number
  /** How many such spans before this one are its past, of those in which the partner was there already. */
  readonly back: number
  readonly floor: number
  readonly factor: number
  readonly least: number
}

function signOver(outlook: Outlook, count: Count, over: Over): Sign {
  const past = pastOf(outlook, count, over)
  const measured = sumUntil(outlook, count, { last: outlook.now.day, length: over.length })
  const allowed = allowedAfter(past, over)
  return { kind: 'SLOW_SCRAPING', span: over.span, measured, expected: median(past), allowed }
}

type Count = (day: DayOfReads) => number

/** The sums of the spans before this one in which the partner was there already. */
function pastOf(outlook: Outlook, count: Count, { length, back }: Over): readonly number[] {
  const earliest = Math.min(...outlook.days.keys())
  return Array.from({ length: back }, (_, index) => outlook.now.day - (index + 1) * length)
    .filter((last) => last - length + 1 >= earliest)
    .map((last) => sumUntil(outlook, count, { last, length }))
}

function sumUntil({ days }: Outlook, count: Count, { last, length }: { last: number; length: number }): number {
  let sum = 0
  for (let day = last - length + 1; day <= last; day++) {
    const reads = days.get(day)
    if (reads !== undefined) sum += count(reads)
  }
  return sum
}
