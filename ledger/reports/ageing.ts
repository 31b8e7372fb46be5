/** How long something is due, in whole days of 24 hours; what is not due yet, or since less than a day, is `CURRENT`. */
export const AGE_BUCKETS = ['CURRENT', 'DAYS_1_30', 'DAYS_31_60', 'DAYS_61_90', 'DAYS_OVER_90'] as const
export type AgeBucket = (typeof AGE_BUCKETS)[number]

export type Age = { readonly days: number; readonly bucket: AgeBucket }

const DAY_MS = 86_400_000

/** How old something is at an instant that is due since another; 0 days before that, and where nothing is due. */
export function ageAt(dueAt: Date | undefined, at: Date): Age {
  const days = dueAt === undefined ? 0 : Math.max(0, Math.floor((at.getTime() - dueAt.getTime()) / DAY_MS))
  return { days, bucket: bucketOf(days) }
}

function bucketOf(days: number): AgeBucket {
  if (days < 1) return 'CURRENT'
  if (days <= 30) return 'DAYS_1_30'
  if (days <= 60) return 'DAYS_31_60'
  return days <= 90 ? 'DAYS_61_90' : 'DAYS_OVER_90'
}
