import { invalid } from './parse-exactly.ts'
import { parseTerms } from './parse-terms.ts'
import type { Programme } from './programme.ts'
import { refuseWithinMonth } from './refuse-within-month.ts'
import type { Terms } from './terms.ts'

/**
 * Reads terms from outside that are meant for a programme. Throws `INVALID_INPUT` with the path of the fault, also for
 * those of another programme, asset or zone, and for a version that does not begin with a month.
 */
export function parseTermsOf(programme: Programme, value: unknown): Terms {
  const terms = parseTerms(value)
  refuseForeign(terms, programme)
  refuseWithinMonth(terms)
  return terms
}

function refuseForeign(terms: Terms, { code, asset, timeZone }: Programme): void {
  const own = { programme: code, asset, timeZone }
  for (const field of ['programme', 'asset', 'timeZone'] as const) {
    if (terms[field] !== own[field]) throw invalid('terms', [field], `the programme has ${own[field]}`)
  }
}
