import { DateTime, IANAZone } from 'luxon'
import { Fault } from './fault.ts'

/** A calendar month, `2026-01`. */
export type Month = `${number}-${number}`

/** Half-open span of time, `[from, to)`, in UTC. */
export type Span = { readonly from: Date; readonly to: Date }

/** Reads a month from outside. Throws `INVALID_INPUT`. */
export function parseMonth(text: string): Month {
  if (!isMonth(text))
    throw new Fault('INVALID_INPUT', `${JSON.stringify(text.slice(0, 20))} is not a month such as 2026-01`)
  return text
}

function isMonth(text: string): text is Month {
  return /^[0-9]{4}-(?:0[1-9]|1[0-2])$/.test(text)
}

/** Reads an IANA time zone, e.g. `Asia/Shanghai`. Throws `INVALID_INPUT`. */
export function parseTimeZone(text: string): string {
  if (!isTimeZone(text)) throw new Fault('INVALID_INPUT', `${JSON.stringify(text.slice(0, 60))} is not a time zone`)
  return text
}

/** Whether a text is the name of an IANA time zone. */
export function isTimeZone(text: string): boolean {
  return IANAZone.isValidZone(text)
}

/** The span of a month in a time zone: it ends where the next one begins. */
export function monthSpan(month: Month, timeZone: string): Span {
  return { from: beginningOf(month, timeZone), to: beginningOf(addMonths(month, 1), timeZone) }
}

/** Midnight of the first: the earlier one where the clocks make two of it, the moment they jump where they make none. */
function beginningOf(month: Month, timeZone: string): Date {
  const midnight = DateTime.fromISO(`${month}-01T00:00:00`, { zone: timeZone })
  return (midnight.getPossibleOffsets()[0] ?? midnight).toJSDate()
}

/** The month in which an instant falls, in a time zone. */
export function monthOf(at: Date, timeZone: string): Month {
  return parseMonth(DateTime.fromJSDate(at, { zone: timeZone }).toFormat('yyyy-MM'))
}

/** The month some months later (or earlier). */
export function addMonths(month: Month, count: number): Month {
  return parseMonth(DateTime.fromISO(`${month}-01`, { zone: 'utc' }).plus({ months: count }).toFormat('yyyy-MM'))
}

/** An instant some calendar months later in a time zone; the day is clipped to the month's last. */
export function addCalendarMonths(at: Date, count: number, timeZone: string): Date {
  return DateTime.fromJSDate(at, { zone: timeZone }).plus({ months: count }).toJSDate()
}

/** An instant some days of 24 hours later. */
export function addDays(at: Date, count: number): Date {
  return new Date(at.getTime() + count * 86_400_000)
}
