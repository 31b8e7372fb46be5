import type { Id } from '../../kernel/ids.ts'
import type { Confirmation } from './confirmation.ts'
import type { ContributionKind } from './contribution.ts'

/** What one kind of a partner's contributions waits for; of several versions the last one holds. */
export type ConfirmationRequirement = {
  readonly partner: Id<'ptr'>
  readonly kind: ContributionKind
  readonly confirmation: Confirmation
  /** From 1. */
  readonly version: number
}
