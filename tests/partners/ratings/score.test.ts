import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DEFAULT_RATING, ratingSettings } from '../../../partners/ratings/rating-settings.ts'
import { scoreOf } from '../../../partners/ratings/score.ts'
import { GRADES, MEASURES, type Measurement } from '../../../partners/ratings/scorecard.ts'

const counts = fc
  .nat({ max: 1_000_000 })
  .chain((all) => fc.record({ all: fc.constant(all), good: fc.nat({ max: all }) }))
const measurements = fc.tuple(...MEASURES.map((measure) => counts.map((one): Measurement => ({ measure, ...one }))))
/** All of one quality: so many of a thousand were good. */
const allAt = (permille: number) => MEASURES.map((measure) => ({ measure, good: permille, all: 1000 }))

test('a score is from 0 to 100, and no measure that gets better makes it worse', () => {
  fc.assert(
    fc.property(measurements, fc.nat({ max: MEASURES.length - 1 }), fc.nat({ max: 1_000_000 }), (some, place, more) => {
      const better = some.map((one, at) => (at === place ? { ...one, good: Math.min(one.all, one.good + more) } : one))
      const [before, after] = [scoreOf(some, DEFAULT_RATING), scoreOf(better, DEFAULT_RATING)]
      if (before.score === undefined) return expect(after.score).toBeUndefined()
      expect(before.score).toBeGreaterThanOrEqual(0)
      expect(after.score).toBeLessThanOrEqual(100)
      expect(after.score).toBeGreaterThanOrEqual(before.score)
      expect(GRADES.indexOf(after.grade)).toBeLessThanOrEqual(GRADES.indexOf(before.grade))
    }),
  )
})

test('what was not measured is left out, and the others count for it', () => {
  fc.assert(
    fc.property(measurements, fc.subarray([...MEASURES]), (some, silent) => {
      const heard = some.map((one) =>
        silent.includes(one.measure) ? { ...one, good: 0, all: 0 } : { ...one, all: one.all + 1 },
      )
      const { score, measures } = scoreOf(heard, DEFAULT_RATING)
      const counted = measures.filter(({ points }) => points !== undefined)
      expect(counted.every(({ measure }) => !silent.includes(measure))).toBe(true)
      if (score === undefined) return
      const [least, most] = [Math.min, Math.max].map((pick) => pick(...counted.map(({ points = 0 }) => points)))
      expect(score).toBeGreaterThanOrEqual(Math.floor(least ?? 0))
      expect(score).toBeLessThanOrEqual(most ?? 100)
    }),
  )
})

test('borders: at full all points, at none nothing, and a grade from its least points on', () => {
  expect(scoreOf(allAt(1000), DEFAULT_RATING)).toMatchObject({ score: 100, grade: 'A' })
  expect(scoreOf(allAt(0), DEFAULT_RATING)).toMatchObject({ score: 0, grade: 'D' })
  const even = { ...DEFAULT_RATING, measures: { ...DEFAULT_RATING.measures } }
  for (const measure of MEASURES) even.measures[measure] = { weight: 1, full: 1_000_000, none: 0 }
  const gradeAt = (permille: number) => scoreOf(allAt(permille), even).grade
  expect([850, 849, 700, 699, 500, 499].map(gradeAt)).toEqual(['A', 'B', 'B', 'C', 'C', 'D'])
})

test('too little measured is no grade', () => {
  const little = MEASURES.map((measure) => ({
    measure,
    good: 1,
    all: measure === 'KEYS' || measure === 'COMPLAINTS' ? 1 : 0,
  }))
  expect(scoreOf(little, DEFAULT_RATING)).toMatchObject({ score: undefined, grade: 'NOT_RATED' })
})

test('settings that contradict themselves are refused', () => {
  expect(ratingSettings.safeParse(DEFAULT_RATING).success).toBe(true)
  const bad = [
    { grades: { A: 50, B: 70, C: 85 } },
    { leastMeasuredPermille: 0 },
    { measures: { ...DEFAULT_RATING.measures, KEYS: { weight: 1, full: 5, none: 5 } } },
    { measures: { AVAILABILITY: DEFAULT_RATING.measures.AVAILABILITY } },
    { effects: { ...DEFAULT_RATING.effects, D: { quotaPermille: 500, restrict: ['money:take'] } } },
    { more: 1 },
  ]
  for (const change of bad) expect(ratingSettings.safeParse({ ...DEFAULT_RATING, ...change }).success).toBe(false)
})
