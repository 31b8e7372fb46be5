import type { ContributionKind } from './contribution.ts'

/** Fields that say something of some kinds of contribution only. */
export const OWN_FIELDS = ['course', 'units', 'unit', 'score', 'referrer'] as const
export type OwnField = (typeof OWN_FIELDS)[number]

/** What a kind needs beside what every contribution has, and what it may have. */
export type FieldsOfKind = {
  readonly needs: readonly (OwnField | 'quantity' | 'asset')[]
  readonly may: readonly OwnField[]
  /** Whether it may name nobody. */
  readonly anonymous: boolean
}

/** Which fields go with which kind. A course's price may be left out once it was told, so it is not among its needs. */
export const FIELDS_OF_KIND: Readonly<Record<ContributionKind, FieldsOfKind>> = {
  REFERRAL: { needs: [], may: ['referrer'], anonymous: false },
  COURSE_COMPLETION: { needs: ['course', 'units', 'quantity'], may: [], anonymous: false },
  TRAFFIC: { needs: ['unit'], may: [], anonymous: true },
  DATA: { needs: [], may: [], anonymous: false },
  SERVICE_OUTCOME: { needs: ['asset', 'score'], may: [], anonymous: false },
}

/** The fields that a kind must not have. */
export function strangersTo(kind: ContributionKind): readonly OwnField[] {
  const { needs, may } = FIELDS_OF_KIND[kind]
  const own = new Set<string>([...needs, ...may])
  return OWN_FIELDS.filter((field) => !own.has(field))
}
