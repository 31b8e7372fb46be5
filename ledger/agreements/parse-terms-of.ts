import { monthOf, monthSpan } from '../../kernel/month.ts'
import { invalid } from './parse-exactly.ts'
import { parseTerms } from './parse-terms.ts'
import type { Programme } from './programme.ts'
import type { Terms } from './terms.ts'

/**
 * Reads terms from outside that are meant for a programme. Throws `INVALID_INPUT` with the path of the fault, also for
 * those of another programme, asset or zone, and for a version that does not begin with a month.
 */
export function parseTermsOf(programme: Programme, value: unknown): Terms {
  const terms = parseTerms(value)
  refuseForeign(terms, programme)
  return terms
}

function refuseForeign(terms: Terms, { code, asset, timeZone }: Programme): void {
  const own = { programme: code, asset, timeZone }
  for (const field of ['programme', 'asset', 'timeZone'] as const) {
    if (terms[field] !== own[field]) throw invalid('terms', [field], `the programme has ${own[field]}`)
  }
  const { from } = monthSpan(monthOf(terms.effectiveFrom, timeZone), timeZone)
  if (from.getTime() !== terms.effectiveFrom.getTime()) {
    throw invalid(
      'terms',
      ['effectiveFrom'],
      `a version begins with a calendar month in ${timeZone}, e.g. at ${from.toISOString()}`,
    )
  }
}
