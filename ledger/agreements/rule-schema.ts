import { z } from 'zod'
import { lineOfText } from '../../kernel/parse.ts'
import { PATH_MODELS, PERIOD_MODELS, REVENUE_BASES } from './terms.ts'
import { amount, MOST_DAYS, ppm, small, texts, whole } from './terms-fields.ts'

const MOST_TIERS = 50
const MOST_MEMBERS = 1000
const ADJUSTMENT_IS_NO_RULE = 'it is made by two persons, not by terms: tributary adjustment propose'

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

const conversionBase = z.enum(REVENUE_BASES).default('COMMISSION').describe('What of a conversion is its value.')

const attribution = z
  .discriminatedUnion(
    'model',
    [
      z.strictObject({ model: z.enum([...PATH_MODELS, ...PERIOD_MODELS]) }),
      z.strictObject({ model: z.literal('TIME_DECAY'), halfLifeDays: small(1, MOST_DAYS) }),
    ],
    'it is no model of attribution',
  )
  .describe('How a conversion is shared among those who touched the customer before it.')

function tiers<T extends z.ZodType>(tier: T) {
  return z.array(tier).min(1, 'there is no tier').max(MOST_TIERS)
}

/** One rule of terms, of any kind. Source: RULES §3. */
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
        kind: z.literal('DATA_CONVERSION'),
        ratePpm: ppm,
        base: conversionBase,
        attribution,
        rateTiers: tiers(z.strictObject({ minConversionPpm: ppm, ppm })).exactOptional(),
        ...onFacts,
      })
      .describe('A share of conversions, given to those who supplied data before them.'),
    z
      .strictObject({
        kind: z.literal('POOL_SPLIT'),
        poolPpm: ppm,
        housePpm: ppm,
        base: conversionBase,
        attribution,
        ...onFacts,
      })
      .describe('A part of attributed revenue, shared between the house and the members who touched the customer.'),
    z
      .strictObject({
        kind: z.literal('REFERRAL_POINTS'),
        pointsPerReferral: amount,
        bonus: z
          .array(z.strictObject({ fromNth: small(1, 1_000_000_000), points: amount }))
          .max(MOST_TIERS)
          .default([]),
        valuePerHundredPoints: amount,
        expiresAfterDays: small(1, MOST_DAYS),
        beneficiary: z.enum(['REFERRER', 'REFERRED', 'BOTH', 'PARTNER']),
        ...onFacts,
      })
      .describe('Points for referrals; a bonus replaces the points of a referral from the nth on.'),
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
  { error: ({ input }) => (isAdjustment(input) ? ADJUSTMENT_IS_NO_RULE : 'it is no kind of rule') },
)

function isAdjustment(rule: unknown): boolean {
  return typeof rule === 'object' && rule !== null && 'kind' in rule && rule.kind === 'MANUAL_ADJUSTMENT'
}
