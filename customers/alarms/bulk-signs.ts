import type { DayOfReads } from './hour-of-reads.ts'
import { allowedAfter, median, secondLargest } from './robust.ts'
import type { Alarm } from './sign.ts'

/** What a partner has done on two of the days before it may do again, and half as much more. */
const ONCE_MORE = 1.5

/**
 * A sudden export: different customers in this hour against the fullest hours of the days before; and customers of old
 * consents today against all those of each day before, since a campaign may bring thousands of new ones at once. Days without reads are no
 * days of its past, and who fetches everything once a week or a month does so again.
 */
export const bulkSigns: Alarm = ({ now, today, past }, { hourCustomers, dayCustomers, factor }) => {
  const allowed = (values: readonly number[], floor: number): number =>
    Math.max(allowedAfter(values, { floor, factor }), ONCE_MORE * secondLargest(values))
  const peaks = countsOf(past, ({ peak }) => peak)
  const totals = countsOf(past, (day) => day.dayCustomers)
  return [
    {
      ...{ kind: 'BULK_EXPORT', span: 'HOUR', measured: now.customers, expected: median(peaks) },
      allowed: allowed(peaks, hourCustomers),
    },
    {
      ...{ kind: 'BULK_EXPORT', span: 'DAY', measured: today.oldCustomers, expected: median(totals) },
      allowed: allowed(totals, dayCustomers),
    },
  ]
}

function countsOf(past: readonly DayOfReads[], count: (day: DayOfReads) => number): readonly number[] {
  return past.map(count).filter((value) => value > 0)
}
