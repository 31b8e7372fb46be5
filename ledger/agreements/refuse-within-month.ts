import { monthOf, monthSpan } from '../../kernel/month.ts'
import { invalid } from './parse-exactly.ts'
import type { Terms } from './terms.ts'

/** Throws `INVALID_INPUT` for terms that begin within a calendar month of their time zone, which must be a known one. */
export function refuseWithinMonth({ effectiveFrom, timeZone }: Pick<Terms, 'effectiveFrom' | 'timeZone'>): void {
  const { from } = monthSpan(monthOf(effectiveFrom, timeZone), timeZone)
  if (from.getTime() === effectiveFrom.getTime()) return
  const why = `a version begins with a calendar month in ${timeZone}, e.g. at ${from.toISOString()}`
  throw invalid('terms', ['effectiveFrom'], why)
}
