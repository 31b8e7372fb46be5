/** What a partner is assessed on. */
export const DIMENSIONS = ['SCENARIO_FIT', 'TECHNICAL_COMPATIBILITY', 'COMPLIANCE_CAPABILITY'] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** One thing that is looked at, and the most points that it gives. */
export type Criterion = { readonly key: string; readonly dimension: Dimension; readonly most: number }

/** Stands in each assessment: one goes by the rubric that it was opened under. */
export const RUBRIC_VERSION = 1

/** The criteria; those of a dimension give 100 points together. */
export const CRITERIA: readonly Criterion[] = [
  { key: 'customer_need', dimension: 'SCENARIO_FIT', most: 40 },
  { key: 'product_fit', dimension: 'SCENARIO_FIT', most: 30 },
  { key: 'reach', dimension: 'SCENARIO_FIT', most: 30 },
  { key: 'api_security', dimension: 'TECHNICAL_COMPATIBILITY', most: 40 },
  { key: 'operations', dimension: 'TECHNICAL_COMPATIBILITY', most: 30 },
  { key: 'capacity', dimension: 'TECHNICAL_COMPATIBILITY', most: 30 },
  { key: 'licence', dimension: 'COMPLIANCE_CAPABILITY', most: 40 },
  { key: 'data_protection', dimension: 'COMPLIANCE_CAPABILITY', most: 40 },
  { key: 'incident_response', dimension: 'COMPLIANCE_CAPABILITY', most: 20 },
]

/** The least points of each dimension: none makes up for another. */
export const FLOORS: Readonly<Record<Dimension, number>> = {
  SCENARIO_FIT: 60,
  TECHNICAL_COMPATIBILITY: 60,
  COMPLIANCE_CAPABILITY: 70,
}

/** What a criterion was given. */
export type Points = { readonly criterion: string; readonly points: number }

/** How many points each dimension has. */
export function pointsByDimension(scores: readonly Points[]): Readonly<Record<Dimension, number>> {
  const sums: Record<Dimension, number> = { SCENARIO_FIT: 0, TECHNICAL_COMPATIBILITY: 0, COMPLIANCE_CAPABILITY: 0 }
  const given = new Map(scores.map(({ criterion, points }) => [criterion, points]))
  for (const { key, dimension } of CRITERIA) sums[dimension] += given.get(key) ?? 0
  return sums
}

/** What stands in the way of passing: criteria that nobody scored, and dimensions below their floor. */
export function lackingIn(scores: readonly Points[]): readonly string[] {
  const scored = new Set(scores.map(({ criterion }) => criterion))
  const sums = pointsByDimension(scores)
  return [
    ...CRITERIA.filter(({ key }) => !scored.has(key)).map(({ key }) => `${key} is not scored`),
    ...DIMENSIONS.filter((dimension) => sums[dimension] < FLOORS[dimension]).map(
      (dimension) => `${dimension} has ${sums[dimension]} of at least ${FLOORS[dimension]} points`,
    ),
  ]
}
