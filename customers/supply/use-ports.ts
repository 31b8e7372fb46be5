import type { Id } from '../../kernel/ids.ts'

/** How often other partners read what one supplied of a tag, on one day (UTC, `2026-01-31`). */
export type DayOfUses = {
  readonly supplier: Id<'ptr'>
  readonly day: string
  readonly key: string
  readonly uses: bigint
}

/**
 * Makes days of one supplier into contributions, each once however often it is told, and returns those that are now. What is
 * not taken is told again later.
 */
export type ReportUses = (supplier: Id<'ptr'>, days: readonly DayOfUses[]) => Promise<readonly DayOfUses[]>
