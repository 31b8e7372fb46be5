import { z } from 'zod'
import { lineOfText } from '../../kernel/parse.ts'
import { assetText } from './asset-text.ts'
import { refuseContradictions } from './contradictions.ts'
import { parseInstant } from './instant.ts'
import { parseExactly } from './parse-exactly.ts'
import { PROGRAMME_CODE } from './programme.ts'
import { ruleSchema } from './rule-schema.ts'
import type { Terms } from './terms.ts'
import { amount, days, ppm, small } from './terms-fields.ts'

const MOST_RULES = 100

/**
 * Reads terms from outside, exactly: integers as numbers or, of any size, as text; nothing that is not understood is
 * passed over. Throws `INVALID_INPUT` for malformed or contradictory terms, with the path of the fault
 * (`rules.0.ratePpm`). Source: RULES §2 and §3.
 */
export function parseTerms(value: unknown): Terms {
  const terms = parseExactly(termsSchema, value, 'terms')
  refuseContradictions(terms)
  return terms
}

/** Terms as they come from outside. */
const termsSchema = z.strictObject({
  programme: z.string().regex(PROGRAMME_CODE, 'it is no code of a programme'),
  version: small(1, 1_000_000),
  effectiveFrom: z.string().transform(parseInstant),
  asset: assetText,
  timeZone: lineOfText(60),
  rules: z.array(ruleSchema).max(MOST_RULES),
  limits: z.strictObject({ maxSharePpm: ppm.exactOptional(), capPerPeriod: amount.exactOptional() }),
  holdback: z.strictObject({ ppm, periods: small(0, 120) }),
  minimumPayout: amount,
  clawbackDays: days,
  disputeDays: days,
  lookbackDays: days,
  tax: z.strictObject({ vatPpm: ppm.exactOptional(), withholdingPpm: ppm.exactOptional() }),
})
