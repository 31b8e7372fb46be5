import type { RatingSettings } from './rating-settings.ts'
import type { Grade, Measurement, Scored } from './scorecard.ts'

/** What measurements come to. */
export type Score = { readonly measures: readonly Scored[]; readonly score: number | undefined; readonly grade: Grade }

const MILLION = 1_000_000

/**
 * Scores what was measured: each measure gives points by how many were good, rounded down; the score is their mean by weight,
 * rounded down, over those of which something was measured. Whole numbers alone. Source: ADR 0042.
 */
export function scoreOf(measurements: readonly Measurement[], settings: RatingSettings): Score {
  const measures = measurements.map((one) => scored(one, settings))
  const weights = measures.reduce((sum, { weight }) => sum + weight, 0)
  const measured = measures.filter(({ points }) => points !== undefined)
  const counted = measured.reduce((sum, { weight }) => sum + weight, 0)
  if (counted === 0 || counted * 1000 < weights * settings.leastMeasuredPermille) {
    return { measures, score: undefined, grade: 'NOT_RATED' }
  }
  const sum = measured.reduce((all, { weight, points = 0 }) => all + weight * points, 0)
  const score = Math.floor(sum / counted)
  return { measures, score, grade: gradeOf(score, settings) }
}

function scored({ measure, good, all }: Measurement, { measures }: RatingSettings): Scored {
  const { weight, full, none } = measures[measure]
  if (all === 0) return { measure, good, all, ppm: undefined, points: undefined, weight }
  const ppm = Math.floor((good * MILLION) / all)
  const points = Math.min(100, Math.max(0, Math.floor(((ppm - none) * 100) / (full - none))))
  return { measure, good, all, ppm, points, weight }
}

function gradeOf(score: number, { grades: { A, B, C } }: RatingSettings): Grade {
  if (score >= A) return 'A'
  if (score >= B) return 'B'
  return score >= C ? 'C' : 'D'
}
