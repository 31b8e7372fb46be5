import { z } from 'zod'
import { Fault } from '../../kernel/fault.ts'
import { lineOfText } from '../../kernel/parse.ts'
import { assetText } from './asset-text.ts'
import { refuseContradictions } from './contradictions.ts'
import { parseInstant } from './instant.ts'
import { parseExactly } from './parse-exactly.ts'
import { PROGRAMME_CODE } from './programme.ts'
import { REVENUE_BASES, type Terms } from './terms.ts'

/** Kinds that RULES §3 knows and that cannot be settled yet. */
const LATER_KINDS: ReadonlySet<unknown> = new Set([
  'COURSE_COMPLETION',
  'AUM_INCREMENT_TIERS',
  'TRAFFIC_UNIT_FEE',
  'SERVICE_OUTCOME',
  'DATA_CONVERSION',
  'POOL_SPLIT',
  'REFERRAL_POINTS',
  'OVERRIDE',
  'MINIMUM_GUARANTEE',
  'MANUAL_ADJUSTMENT',
])

const MOST_RULES = 100
const MOST_DAYS = 36_500
const PPM = 1_000_000n
const LARGEST_AMOUNT = 10n ** 38n - 1n
const NOT_WHOLE = 'it is not a whole number'

/**
 * Reads terms from outside, exactly: integers as numbers or, of any size, as text; nothing that is not understood is
 * passed over. Throws `INVALID_INPUT` for malformed or contradictory terms and `UNSUPPORTED` for a kind of rule that
 * cannot be settled yet, either with the path of the fault (`rules.0.ratePpm`). Source: RULES §2.
 */
export function parseTerms(value: unknown): Terms {
  refuseLaterKinds(value)
  const terms = parseExactly(termsSchema, value, 'terms')
  refuseContradictions(terms)
  return terms
}

const ppm = whole(0n, PPM)
const amount = whole(0n, LARGEST_AMOUNT)
const days = small(0, MOST_DAYS)
const texts = z.array(lineOfText(200)).max(1000)

const filterSchema = z.strictObject({
  category: texts.exactOptional(),
  product: z
    .array(z.strictObject({ source: lineOfText(100), externalId: lineOfText(200) }))
    .max(1000)
    .exactOptional(),
  market: texts.exactOptional(),
  campaign: texts.exactOptional(),
})

const ruleSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('REFERRAL_COMMISSION_SHARE'),
      ratePpm: ppm,
      window: z.union(
        [z.strictObject({ days: small(1, MOST_DAYS) }), z.strictObject({ months: small(1, 1200) })],
        'a window is { days } or { months }, of at least one',
      ),
      base: z.enum(REVENUE_BASES),
      filter: filterSchema.default({}),
      priority: small(0, 1_000_000).default(0),
      exclusive: z.boolean().default(false),
    }),
  ],
  'it is no kind of rule',
)

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

/** A whole number as bigint, given as a number or as text. */
function whole(smallest: bigint, largest: bigint): z.ZodType<bigint> {
  return z
    .union([z.int(NOT_WHOLE), z.string().regex(/^(?:0|-?[1-9][0-9]{0,37})$/, NOT_WHOLE)], NOT_WHOLE)
    .transform(BigInt)
    .refine((value) => value >= smallest && value <= largest, `it is not from ${smallest} to ${largest}`)
}

/** A whole number that counts something and stays small. */
function small(smallest: number, largest: number): z.ZodType<number> {
  return whole(BigInt(smallest), BigInt(largest)).transform(Number)
}

/** Before the schema, which knows nothing of them: they are well-formed, only not yet. */
function refuseLaterKinds(value: unknown): void {
  const rules = memberOf(value, 'rules')
  if (!Array.isArray(rules)) return
  const place = rules.findIndex((rule) => LATER_KINDS.has(memberOf(rule, 'kind')))
  if (place < 0) return
  const field = `rules.${place}.kind`
  throw new Fault('UNSUPPORTED', `terms: ${field}: rules of this kind cannot be settled yet`, { field })
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
