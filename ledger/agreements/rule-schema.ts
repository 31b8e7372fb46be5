import { z } from 'zod'
import { lineOfText } from '../../kernel/parse.ts'
import { REVENUE_BASES } from './terms.ts'
import { amount, MOST_DAYS, ppm, small, texts, whole } from './terms-fields.ts'

const MOST_TIERS = 50
const MOST_MEMBERS = 1000

const filter = z
  .strictObject({
    category: texts.exactOptional(),
    product: z
      .array(z.strictObject({ source: lineOfText(100), externalId: lineOfText(200) }))
      .max(1000)
      .exactOptional(),
    market: texts.exactOptional(),
    campaign: texts.exactOptional(),
  })
  .describe('Which facts it looks at; an absent or empty list lets all pass.')

const onFacts = {
  filter: filter.default({}),
  priority: small(0, 1_000_000).default(0).describe('Smaller first; equal ones in the order of the terms.'),
  exclusive: z.boolean().default(false).describe('A match stops the later rules for the same fact.'),
}

const window = z
  .union(
    [z.strictObject({ days: small(1, MOST_DAYS) }), z.strictObject({ months: small(1, 1200) })],
    'a window is { days } or { months }, of at least one',
  )
  .describe('From the referral on: days of 24 hours, or calendar months of the programme’s zone.')

function tiers<T extends z.ZodType>(tier: T) {
  return z.array(tier).min(1, 'there is no tier').max(MOST_TIERS)
}

/** One rule of terms, of any kind that can be settled. Source: RULES §3. */
export const ruleSchema = z.discriminatedUnion(
  'kind',
  [
    z
      .strictObject({
        kind: z.literal('REFERRAL_COMMISSION_SHARE'),
        ratePpm: ppm,
        window,
        base: z.enum(REVENUE_BASES),
        ...onFacts,
      })
      .describe('A share of what a referred customer brings in within the window.'),
    z
      .strictObject({
        kind: z.literal('COURSE_COMPLETION'),
        ratePpm: ppm,
        minimumCompletionPpm: ppm.exactOptional(),
        ...onFacts,
      })
      .describe('A share of a course’s price, as the customer completes it.'),
    z
      .strictObject({
        kind: z.literal('AUM_INCREMENT_TIERS'),
        tiers: tiers(z.strictObject({ upTo: amount.exactOptional(), ppm })),
        mode: z.enum(['GRADUATED', 'VOLUME']),
        highWaterMark: z.boolean().default(false),
        basis: z.enum(['BALANCE', 'NET_FLOWS']).default('BALANCE'),
        ...onFacts,
      })
      .describe('A share of what a referred customer’s assets grew by in a period, by tiers.'),
    z
      .strictObject({
        kind: z.literal('TRAFFIC_UNIT_FEE'),
        feePerThousand: amount,
        unit: lineOfText(40),
        capPerPeriod: amount.exactOptional(),
        ...onFacts,
      })
      .describe('A fee for each thousand units of traffic.'),
    z
      .strictObject({
        kind: z.literal('SERVICE_OUTCOME'),
        ratePpm: ppm,
        scoreTiers: tiers(z.strictObject({ minScore: whole(0n, 1_000_000_000n), ppm })),
        ...onFacts,
      })
      .describe('A share of a service’s fee, times the rate of the highest tier that its score reaches.'),
    z
      .strictObject({
        kind: z.literal('OVERRIDE'),
        parentPartner: lineOfText(60),
        childPartners: z.array(lineOfText(60)).min(1).max(MOST_MEMBERS).exactOptional(),
        ratePpm: ppm,
      })
      .describe('What a parent earns of its children’s earnings; without children named, of all other members’.'),
    z
      .strictObject({ kind: z.literal('MINIMUM_GUARANTEE'), amountPerPeriod: amount })
      .describe('What an agreement earns at least in a period.'),
  ],
  'it is no kind of rule',
)
