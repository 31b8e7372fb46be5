import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import { parseBatch } from './fact-batch.ts'
import type { FactResult } from './fact-result.ts'
import { parseContribution } from './parse-contribution.ts'
import { storeReported } from './report-contributions.ts'
import { TAG_USE_UNIT, tagUseKey } from './tag-use-unit.ts'

/** How often something that a partner supplied was read by others on a day (UTC, `2026-01-31`). */
export type TagUses = { readonly day: string; readonly key: string; readonly uses: bigint }

/**
 * Stores how often what a partner supplied was read, as its contributions: traffic of the unit `TAG_USE`, with the tag as its
 * campaign, so that terms can set a fee for all tags or for each. The same day and tag has one effect. A result for each, in
 * their order. Throws `FORBIDDEN` when the partner may not report now.
 */
export async function recordTagUses(
  context: Context,
  { partner, uses }: { readonly partner: Id<'ptr'>; readonly uses: readonly TagUses[] },
): Promise<readonly FactResult[]> {
  const items = uses.map(({ day, key, uses: count }) => ({
    ...{ externalId: tagUseKey(day, key), kind: 'TRAFFIC', unit: TAG_USE_UNIT, campaign: key },
    ...{ quantity: String(count), occurredAt: `${day}T00:00:00Z` },
  }))
  const batch = parseBatch(items, parseContribution)
  return context.database.transaction((tx) => storeReported(context, tx, partner, batch))
}
