import { z } from 'zod'
import { SCOPES } from '../../kernel/caller.ts'
import { MEASURES } from './scorecard.ts'

const ppm = z.int().min(0).max(1_000_000)
const points = z.int().min(0).max(100)

const measure = z
  .strictObject({
    /** How much it counts beside the others. */
    weight: z.int().min(0).max(1000),
    /** From so many good ones in a million on it gives 100 points, and up to so many none; between them as far as it comes. */
    full: ppm,
    none: ppm,
  })
  .refine(({ full, none }) => full > none, { path: ['full'], error: 'full is above none' })

const effect = z.strictObject({
  /** Of what was granted, until the next rating. */
  quotaPermille: z.int().min(0).max(1000).default(1000),
  /** Scopes that are restricted until the next rating. */
  restrict: z.array(z.enum(SCOPES)).default([]),
})

/** How partners are rated, and what follows. */
export const ratingSettings = z
  .strictObject({
    measures: z.strictObject(
      Object.fromEntries(MEASURES.map((name) => [name, measure])) as Record<(typeof MEASURES)[number], typeof measure>,
    ),
    /** The least points of a grade; below the last it is D. */
    grades: z.strictObject({ A: points, B: points, C: points }),
    /** Parts in a thousand of all weights that have to be measured, or it is NOT_RATED. */
    leastMeasuredPermille: z.int().min(1).max(1000),
    effects: z.strictObject({ A: effect, B: effect, C: effect, D: effect }),
  })
  .refine(({ grades: { A, B, C } }) => A > B && B > C, { path: ['grades'], error: 'A is above B, and B above C' })
  .refine(({ measures }) => Object.values(measures).some(({ weight }) => weight > 0), {
    path: ['measures'],
    error: 'something has a weight',
  })

export type RatingSettings = z.output<typeof ratingSettings>

/** What counts unless the configuration says otherwise. */
export const DEFAULT_RATING: RatingSettings = {
  measures: {
    AVAILABILITY: { weight: 20, full: 995_000, none: 900_000 },
    LATENCY: { weight: 10, full: 980_000, none: 700_000 },
    ERRORS: { weight: 15, full: 990_000, none: 800_000 },
    REPLAYS: { weight: 10, full: 999_000, none: 950_000 },
    ACKNOWLEDGEMENT: { weight: 15, full: 990_000, none: 800_000 },
    DELETIONS: { weight: 15, full: 1_000_000, none: 800_000 },
    KEYS: { weight: 5, full: 1_000_000, none: 500_000 },
    COMPLAINTS: { weight: 10, full: 1_000_000, none: 500_000 },
  },
  grades: { A: 85, B: 70, C: 50 },
  leastMeasuredPermille: 400,
  effects: {
    A: { quotaPermille: 1000, restrict: [] },
    B: { quotaPermille: 1000, restrict: [] },
    C: { quotaPermille: 750, restrict: [] },
    D: { quotaPermille: 500, restrict: ['audiences:count', 'tags:supply'] },
  },
}
