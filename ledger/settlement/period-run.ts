import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Asset } from '../../kernel/money.ts'
import type { Month } from '../../kernel/month.ts'
import type { ClosingProgress } from './closing-progress.ts'

/** A calculation of a period: its number tells it from those that were cut off. */
export type Run = { readonly period: Id<'per'>; readonly run: number }

/** What later closings have to know: who did not accrue, and of which locked months something waits for one of those. */
export type LookedBack = { readonly notAccruing: readonly Id<'agr'>[]; readonly uncorrected: readonly Month[] }

/** Events left out because they are in another asset than the programme's: there is no silent exchange. */
export type OtherAssets = readonly { readonly asset: Asset; readonly events: number }[]

/** What a calculation leaves for the lock beside its drafts. */
export type RunOutcome = {
  /** Facts that were read. */
  readonly facts: number
  /** Facts that came too late for a locked month. */
  readonly lateFacts: number
  readonly lookedBack: LookedBack
  readonly otherAssets: OtherAssets
  /** SHA-256 of what decides beside facts (`basis-of-period.ts`). */
  readonly basis: string
}

/** A calculation, as anybody may see it while it goes on and after. */
export type PeriodRun = Run & {
  readonly startedBy: Actor
  readonly startedAt: Date
  /** Told every few seconds. */
  readonly progress: ClosingProgress
  readonly toldAt: Date
  /** Absent while it goes on, and when it was cut off. */
  readonly outcome: RunOutcome | undefined
}
