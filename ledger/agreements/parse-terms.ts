import { refuseContradictions } from './contradictions.ts'
import { parseExactly } from './parse-exactly.ts'
import type { Terms } from './terms.ts'
import { termsSchema } from './terms-schema.ts'

/**
 * Reads terms from outside, exactly: integers as numbers or, of any size, as text; nothing that is not understood is
 * passed over, save a `$schema` for editors. Throws `INVALID_INPUT` for malformed or contradictory terms, with the path of
 * the fault (`rules.0.ratePpm`). Source: RULES §2 and §3.
 */
export function parseTerms(value: unknown): Terms {
  const { $schema: _, ...terms } = parseExactly(termsSchema, value, 'terms')
  refuseContradictions(terms)
  return terms
}
