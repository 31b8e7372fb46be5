import type { Id } from '../../kernel/ids.ts'

/** What was counted of a partner at our doors since the last time. */
export type TrafficCounts = {
  readonly partner: Id<'ptr'>
  /** All that named the partner. */
  readonly requests: number
  /** Of them, what it did wrong. */
  readonly refused: number
  /** Of them, what was more than its quota. */
  readonly throttled: number
  /** What was sent a second time, and refused for that. */
  readonly replays: number
}
