import { z } from 'zod'
import { lineOfText } from '../../kernel/parse.ts'
import { attribution, base, conversionBase, MOST_TIERS, onFacts, tiers, window } from './rule-fields.ts'
import { amount, MOST_DAYS, points, ppm, small, whole } from './terms-fields.ts'

const MOST_MEMBERS = 1000
const ADJUSTMENT_IS_NO_RULE = 'it is made by two persons, not by terms: tributary adjustment propose'

/** The word that says of which kind a rule is. */
function kind<const K extends string>(name: K) {
  return z.literal(name).describe('The kind of rule.')
}

const tierPpm = ppm.describe('The rate of this tier, in parts per million.')

/** One rule of terms, of any kind. Source: RULES §3. */
export const ruleSchema = z.discriminatedUnion(
  'kind',
  [
    z
      .strictObject({
        kind: kind('REFERRAL_COMMISSION_SHARE'),
        ratePpm: ppm.describe('The share of the base, in parts per million: 200000 is 20 %.'),
        window,
        base,
        ...onFacts,
      })
      .describe('A share of what a referred customer brings in within the window.'),
    z
      .strictObject({
        kind: kind('COURSE_COMPLETION'),
        ratePpm: ppm.describe('The share of the course’s price, in parts per million.'),
        minimumCompletionPpm: ppm
          .describe('Below this part of the course, in parts per million, nothing is earned.')
          .exactOptional(),
        ...onFacts,
      })
      .describe('A share of a course’s price, as the customer completes it.'),
    z
      .strictObject({
        kind: kind('AUM_INCREMENT_TIERS'),
        tiers: tiers(
          z.strictObject({
            upTo: amount.describe('Up to here, inclusive, in minor units; the last tier has none.').exactOptional(),
            ppm: tierPpm,
          }),
        ).describe('By ascending upTo; the last one is for all above.'),
        mode: z
          .enum(['GRADUATED', 'VOLUME'])
          .describe('GRADUATED: each slice at its own rate. VOLUME: the whole at the rate of its tier.'),
        highWaterMark: z
          .boolean()
          .default(false)
          .describe('Only what rises above the highest end of earlier months counts; not with NET_FLOWS.'),
        basis: z
          .enum(['BALANCE', 'NET_FLOWS'])
          .default('BALANCE')
          .describe('BALANCE: last snapshots of assets. NET_FLOWS: what came in less what went out.'),
        ...onFacts,
      })
      .describe('A share of what a referred customer’s assets grew by in a period, by tiers.'),
    z
      .strictObject({
        kind: kind('TRAFFIC_UNIT_FEE'),
        feePerThousand: amount.describe('For each thousand units, in minor units.'),
        unit: lineOfText(40).describe('The unit, as contributions name it, such as CLICK.'),
        capPerPeriod: amount.describe('At most this in a period, in minor units.').exactOptional(),
        ...onFacts,
      })
      .describe('A fee for each thousand units of traffic.'),
    z
      .strictObject({
        kind: kind('SERVICE_OUTCOME'),
        ratePpm: ppm.describe('The share of the service’s fee, in parts per million.'),
        scoreTiers: tiers(
          z.strictObject({ minScore: whole(0n, 1_000_000_000n).describe('From this score on.'), ppm: tierPpm }),
        ).describe('By ascending minScore; below the first nothing is earned.'),
        ...onFacts,
      })
      .describe('A share of a service’s fee, times the rate of the highest tier that its score reaches.'),
    z
      .strictObject({
        kind: kind('DATA_CONVERSION'),
        ratePpm: ppm.describe('The share of a conversion’s value, in parts per million.'),
        base: conversionBase,
        attribution,
        rateTiers: tiers(
          z.strictObject({
            minConversionPpm: ppm.describe('From this conversion rate on, in parts per million.'),
            ppm: tierPpm,
          }),
        )
          .describe('Rates by the partner’s conversion rate in the period, instead of ratePpm; ascending.')
          .exactOptional(),
        ...onFacts,
      })
      .describe('A share of conversions, given to those who supplied data before them.'),
    z
      .strictObject({
        kind: kind('POOL_SPLIT'),
        poolPpm: ppm.describe('The part of conversions that is shared, in parts per million.'),
        housePpm: ppm.describe('The part of that which the house takes first, in parts per million.'),
        base: conversionBase,
        attribution,
        ...onFacts,
      })
      .describe('A part of attributed revenue, shared between the house and the members who touched the customer.'),
    z
      .strictObject({
        kind: kind('REFERRAL_POINTS'),
        pointsPerReferral: points.describe('Whole points for each referral.'),
        bonus: z
          .array(
            z.strictObject({
              fromNth: small(1, 1_000_000_000).describe('From this referral of the referrer on, of all it ever made.'),
              points: points.describe('Whole points instead.'),
            }),
          )
          .max(MOST_TIERS)
          .default([])
          .describe('Other points from the nth referral on; by ascending fromNth.'),
        valuePerHundredPoints: amount.describe('What a hundred points are worth, in minor units.'),
        expiresAfterDays: small(1, MOST_DAYS).describe('After so many days of 24 hours points are void.'),
        beneficiary: z.enum(['REFERRER', 'REFERRED', 'BOTH', 'PARTNER']).describe('Who is given the points.'),
        ...onFacts,
      })
      .describe('Points for referrals; a bonus replaces the points of a referral from the nth on.'),
    z
      .strictObject({
        kind: kind('OVERRIDE'),
        parentPartner: lineOfText(60).describe('Code of the partner who is paid.'),
        childPartners: z
          .array(lineOfText(60))
          .min(1)
          .max(MOST_MEMBERS)
          .describe('Codes of the members it is paid for; without it all other members.')
          .exactOptional(),
        ratePpm: ppm.describe('The share of what the children earn, in parts per million.'),
      })
      .describe('What a parent earns of its children’s earnings; without children named, of all other members’.'),
    z
      .strictObject({
        kind: kind('MINIMUM_GUARANTEE'),
        amountPerPeriod: amount.describe('The least that an agreement earns in a period, in minor units.'),
      })
      .describe('What an agreement earns at least in a period.'),
  ],
  { error: ({ input }) => (isAdjustment(input) ? ADJUSTMENT_IS_NO_RULE : 'it is no kind of rule') },
)

function isAdjustment(rule: unknown): boolean {
  return typeof rule === 'object' && rule !== null && 'kind' in rule && rule.kind === 'MANUAL_ADJUSTMENT'
}
