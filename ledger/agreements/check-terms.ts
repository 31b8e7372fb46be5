import { isTimeZone } from '../../kernel/month.ts'
import { invalid } from './parse-exactly.ts'
import { parseTerms } from './parse-terms.ts'
import { refuseWithinMonth } from './refuse-within-month.ts'
import type { Terms } from './terms.ts'
import { bodyOf, hashOfBody } from './terms-body.ts'

/** Sound terms, and the SHA-256 of their canonical JSON, by which they are known once published. */
export type CheckedTerms = { readonly terms: Terms; readonly hash: string }

/**
 * Checks terms from outside as far as they themselves tell, without a database. Throws `INVALID_INPUT` with the path of
 * the fault. Whether they fit their programme and the version before is seen when they are published.
 */
export function checkTerms(value: unknown): CheckedTerms {
  const terms = parseTerms(value)
  if (!isTimeZone(terms.timeZone)) throw invalid('terms', ['timeZone'], 'it is not the name of a time zone')
  refuseWithinMonth(terms)
  return { terms, hash: hashOfBody(bodyOf(terms)) }
}
