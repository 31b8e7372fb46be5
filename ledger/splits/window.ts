import { addCalendarMonths, addDays, type Span } from '../../kernel/month.ts'
import type { RuleWindow } from '../agreements/terms.ts'

/**
 * The span that a fact opens: days of 24 hours, or calendar months in the programme's time zone (a day that the last
 * month lacks becomes its last one). Half-open. Source: RULES, introduction and §3.
 */
export function windowFrom(start: Date, window: RuleWindow, timeZone: string): Span {
  const to = 'days' in window ? addDays(start, window.days) : addCalendarMonths(start, window.months, timeZone)
  return { from: start, to }
}

/** Whether an instant lies in a half-open span. */
export function isWithin(at: Date, { from, to }: Span): boolean {
  return from <= at && at < to
}
