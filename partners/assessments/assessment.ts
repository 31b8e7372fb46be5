import type { Id } from '../../kernel/ids.ts'

/** Where an assessment stands; what was decided stays. */
export const ASSESSMENT_STATUSES = ['OPEN', 'PROPOSED', 'PASSED', 'REJECTED'] as const
export type AssessmentStatus = (typeof ASSESSMENT_STATUSES)[number]

/** A document by its SHA-256; it stays with the broker. */
export type Evidence = { readonly sha256: string; readonly name: string }

/** What a criterion was given, and on what grounds. */
export type Score = { readonly criterion: string; readonly points: number; readonly evidence: readonly Evidence[] }

/** An assessment of a partner, as it was last said. */
export type Assessment = {
  readonly id: Id<'asm'>
  readonly partner: Id<'ptr'>
  readonly status: AssessmentStatus
  readonly rubric: number
  /** Everybody who opened, scored or proposed it. */
  readonly assessors: readonly string[]
  /** Those who approved it so far; two of them pass it. */
  readonly approvers: readonly string[]
  readonly scores: readonly Score[]
  /** Why it was rejected. */
  readonly reason: string | undefined
  /** Until when it counts, if it was passed. */
  readonly expiresAt: Date | undefined
  /** 1 for the first. */
  readonly version: number
  readonly changedAt: Date
  readonly record: Id<'rec'>
}
