import { z } from 'zod'
import { parseInstant } from '../../kernel/instant.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { assetText } from './asset-text.ts'
import { PROGRAMME_CODE } from './programme.ts'
import { ruleSchema } from './rule-schema.ts'
import { amount, days, ppm, small } from './terms-fields.ts'

const MOST_RULES = 100

/** Terms as they come from outside. Source: RULES §2. */
export const termsSchema = z.strictObject({
  $schema: z
    .string()
    .max(2000)
    .describe('Where this schema is, for editors; it is no part of the terms.')
    .exactOptional(),
  programme: z.string().regex(PROGRAMME_CODE, 'it is no code of a programme').describe('The code of the programme.'),
  version: small(1, 1_000_000).describe('One more than the version before; the first is 1.'),
  effectiveFrom: z
    .string()
    .transform(parseInstant)
    .meta({ format: 'date-time' })
    .describe('When it comes into force: the start of a calendar month in the time zone, with its offset.'),
  asset: assetText.describe('What the programme is settled in, with its decimals, such as CNY/2.'),
  timeZone: lineOfText(60).describe('Whose calendar months are the periods, an IANA name such as Asia/Shanghai.'),
  rules: z.array(ruleSchema).max(MOST_RULES).describe('What members earn by; a rule is known by its place.'),
  limits: z
    .strictObject({
      maxSharePpm: ppm
        .describe('Rules that share facts take at most this part of their base together, in parts per million.')
        .exactOptional(),
      capPerPeriod: amount.describe('An agreement earns at most this in a period, in minor units.').exactOptional(),
    })
    .describe('What the rules of one agreement give together at most.'),
  holdback: z
    .strictObject({
      ppm: ppm.describe('The part of a statement’s earnings that is held back, in parts per million.'),
      periods: small(0, 120).describe('After so many periods it is released.'),
    })
    .describe('What is held back for a while.'),
  minimumPayout: amount.describe('Below this balance, in minor units, nothing is paid and all is carried.'),
  clawbackDays: days.describe('A refund takes back only before so many days have passed since the fact.'),
  disputeDays: days.describe('A statement that nobody disputes for so many days counts as accepted.'),
  lookbackDays: days.describe('Touches count for so many days of 24 hours before a conversion.'),
  tax: z
    .strictObject({
      vatPpm: ppm.describe('Value added tax on a payout, in parts per million; rounded half up.').exactOptional(),
      withholdingPpm: ppm.describe('Tax withheld from a payout, in parts per million; rounded down.').exactOptional(),
    })
    .describe('Computed once on the payout.'),
})

/** A schema that editors read (JSON Schema 2020-12). */
export type TermsJsonSchema = z.core.JSONSchema.BaseSchema

/** JSON Schema of a file of terms. What contradicts itself, though each part is well formed, only `parseTerms` refuses. */
export function termsJsonSchema(): TermsJsonSchema {
  return { title: 'Terms of a programme, in one version', ...z.toJSONSchema(termsSchema, { io: 'input' }) }
}
