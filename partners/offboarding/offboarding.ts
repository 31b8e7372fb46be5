import type { Id } from '../../kernel/ids.ts'
import type { AcknowledgeableExit } from './exit-item.ts'

/** Where an exit stands: it has a date, it goes on since then, it was called off, or nothing is left of it. */
export const OFFBOARDING_STATUSES = ['PLANNED', 'UNDER_WAY', 'CANCELLED', 'CLOSED'] as const
export type OffboardingStatus = (typeof OFFBOARDING_STATUSES)[number]

/** What we do of ourselves once the date has come, in this order. */
export const EXIT_STEPS = ['STATUS_CHANGED', 'CLIENTS_REVOKED', 'CONSENTS_ENDED', 'MEMBERSHIPS_ENDED'] as const
export type ExitStep = (typeof EXIT_STEPS)[number]

/** A step that is done, and to how many. */
export type DoneStep = { readonly step: ExitStep; readonly count: number; readonly at: Date }

/** How a partner leaves, as it was last said. */
export type Offboarding = {
  readonly id: Id<'ofb'>
  readonly partner: Id<'ptr'>
  readonly status: OffboardingStatus
  /** From then on the partner is OFFBOARDING. */
  readonly exitAt: Date
  /** Why; the partner reads it. */
  readonly reason: string
  /** Who planned it; another person closes it. */
  readonly plannedBy: string
  readonly plannedAt: Date
  readonly steps: readonly DoneStep[]
  /** What was open when it was closed, and accepted so. */
  readonly acknowledged: readonly AcknowledgeableExit[]
  /** 1 for the first. */
  readonly version: number
  readonly changedAt: Date
  readonly record: Id<'rec'>
}
