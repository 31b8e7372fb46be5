const MINUTE = 60_000
export const DAY = 86_400_000

/** A span of time, `[from, to)`, in milliseconds since 1970. */
export type Span = { readonly from: number; readonly to: number }

const formats = new Map<string, Intl.DateTimeFormat>()

/** What the clock of a zone shows at an instant, as if it were UTC. */
function clockAt(at: number, zone: string): number {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formats.set(zone, format)
  }
  const shown = new Map<string, number>(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const read = (type: string): number => shown.get(type) ?? 0
  const seconds = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'))
  return seconds + (((at % 1000) + 1000) % 1000)
}

/** The first minute in which the clock of the zone shows the first of the month, or what comes after it. */
function beginningOf(year: number, month: number, zone: string): number {
  const midnight = Date.UTC(year, month, 1)
  for (let at = midnight - 16 * 60 * MINUTE; ; at += MINUTE) if (clockAt(at, zone) >= midnight) return at
}

const spans = new Map<string, Span>()

/** A calendar month, `2026-01`, in a zone. */
export function monthSpan(month: string, zone: string): Span {
  const known = spans.get(`${month} ${zone}`)
  if (known !== undefined) return known
  const [year = 0, number = 0] = month.split('-').map(Number)
  const span = { from: beginningOf(year, number - 1, zone), to: beginningOf(year, number, zone) }
  spans.set(`${month} ${zone}`, span)
  return span
}

/**
 * The same time of day some calendar months later, the day clipped to the month's last. Where the clocks show it twice,
 * as far from UTC as the beginning, if it can be; where they pass it over, as much later.
 */
export function addMonths(at: number, months: number, zone: string): number {
  const clock = new Date(clockAt(at, zone))
  const first = new Date(Date.UTC(clock.getUTCFullYear(), clock.getUTCMonth() + months, 1))
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate()
  const wanted = first.getTime() + (Math.min(clock.getUTCDate(), days) - 1) * DAY + (clock.getTime() % DAY)
  const distance = (instant: number): number => clockAt(instant, zone) - instant
  const before = distance(wanted - DAY)
  const possible = [distance(at), before, distance(wanted + DAY)].map((away) => wanted - away)
  return possible.find((instant) => clockAt(instant, zone) === wanted) ?? wanted - before
}
