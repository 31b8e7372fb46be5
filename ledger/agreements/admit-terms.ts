import { Fault } from '../../kernel/fault.ts'
import { monthOf, monthSpan } from '../../kernel/month.ts'
import { invalid } from './parse-exactly.ts'
import { parseTerms } from './parse-terms.ts'
import type { Programme } from './programme.ts'
import type { Terms } from './terms.ts'

/**
 * Reads terms from outside as terms of this programme. Throws `INVALID_INPUT` with the path of the fault, also when they
 * are of another programme, asset or zone or do not begin with a period, and `UNSUPPORTED` for points.
 */
export function admitTerms(programme: Programme, value: unknown): Terms {
  const terms = parseTerms(value)
  refuseForeign(terms, programme)
  refusePoints(terms)
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

/** Points are not awarded yet: terms that promise them would be believed. */
function refusePoints({ rules }: Terms): void {
  const place = rules.findIndex(({ kind }) => kind === 'REFERRAL_POINTS')
  if (place === -1) return
  throw new Fault('UNSUPPORTED', 'points are not awarded yet', { field: `rules.${place}.kind` })
}
