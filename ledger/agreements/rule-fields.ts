import { z } from 'zod'
import { lineOfText } from '../../kernel/parse.ts'
import { PATH_MODELS, PERIOD_MODELS, REVENUE_BASES } from './terms.ts'
import { MOST_DAYS, small, texts } from './terms-fields.ts'

/** Of tiers, and of steps of a bonus. */
export const MOST_TIERS = 50

const product = z.strictObject({
  source: lineOfText(100).describe('The source of the catalogue.'),
  externalId: lineOfText(200).describe('The product’s id at that source.'),
})

const filter = z
  .strictObject({
    category: texts.describe('Categories of products.').exactOptional(),
    product: z.array(product).max(1000).describe('Products of the catalogue.').exactOptional(),
    market: texts.describe('Markets, as contributions name them.').exactOptional(),
    campaign: texts.describe('Campaigns, as contributions name them.').exactOptional(),
  })
  .describe('Which facts it looks at; an absent or empty list lets all pass.')

/** What every rule that looks at facts has. */
export const onFacts = {
  filter: filter.default({}),
  priority: small(0, 1_000_000).default(0).describe('Smaller first; equal ones in the order of the terms.'),
  exclusive: z.boolean().default(false).describe('A match stops the later rules for the same fact.'),
}

/** How long a referral earns. */
export const window = z
  .union(
    [
      z.strictObject({ days: small(1, MOST_DAYS).describe('Days of 24 hours.') }),
      z.strictObject({ months: small(1, 1200).describe('Calendar months of the programme’s zone.') }),
    ],
    'a window is { days } or { months }, of at least one',
  )
  .describe('From the referral on: days of 24 hours, or calendar months of the programme’s zone.')

/** What of a fact of revenue counts. */
export const base = z.enum(REVENUE_BASES).describe('What of the revenue the rate is applied to.')

/** The same of a conversion, where commission goes without saying. */
export const conversionBase = z
  .enum(REVENUE_BASES)
  .default('COMMISSION')
  .describe('Which revenue is a conversion; its amount is the conversion’s value.')

/** The model by which a conversion is shared. */
export const attribution = z
  .discriminatedUnion(
    'model',
    [
      z.strictObject({
        model: z
          .enum([...PATH_MODELS, ...PERIOD_MODELS])
          .describe('POSITION: 40/20/40. MARKOV and SHAPLEY look at the whole period.'),
      }),
      z.strictObject({
        model: z.literal('TIME_DECAY').describe('A touch weighs less the older it is.'),
        halfLifeDays: small(1, MOST_DAYS).describe('After so many days a touch weighs half.'),
      }),
    ],
    'it is no model of attribution',
  )
  .describe('How a conversion is shared among those who touched the customer before it.')

/** Tiers, at least one. */
export function tiers<T extends z.ZodType>(tier: T) {
  return z.array(tier).min(1, 'there is no tier').max(MOST_TIERS)
}
