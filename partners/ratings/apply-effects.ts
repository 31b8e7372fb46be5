import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { addDays, addMonths, monthSpan } from '../../kernel/month.ts'
import { holdRestriction } from '../capabilities/hold-restriction.ts'
import { restoreCapability } from '../capabilities/restore-capability.ts'
import type { RatingSettings } from './rating-settings.ts'
import { RATING_ZONE } from './rating-zone.ts'
import type { Scorecard } from './scorecard.ts'

/** How long after a month's end its successor's rating is here at the latest, or what the rating took is given back. */
const DAYS_TO_RATE = 10
/** By which the rating knows what it took itself. */
const OWN_REASON = /^rated [A-D] for \d{4}-\d{2}$/

/**
 * What follows from a grade, in the caller's transaction: a lower quota and restricted scopes until the next rating; what an
 * earlier rating took is given back. What a person or an alarm said stays. Money is no part of it.
 */
export async function applyEffects(
  context: Context,
  tx: Transaction,
  { partner, month, grade }: Scorecard,
  { effects }: RatingSettings,
): Promise<void> {
  if (grade === 'NOT_RATED') return
  const { quotaPermille, restrict } = effects[grade]
  const until = addDays(monthSpan(addMonths(month, 1), RATING_ZONE).to, DAYS_TO_RATE)
  const said = { partner, until, reason: `rated ${grade} for ${month}`, isOwn: (text: string) => OWN_REASON.test(text) }
  const quota = { ...said, kind: 'QUOTA', key: 'lowered', permille: quotaPermille } as const
  await (quotaPermille < 1000 ? holdRestriction(context, tx, quota) : restoreCapability(context, tx, quota))
  const ever = new Set(Object.values(effects).flatMap((effect) => effect.restrict))
  for (const key of ever) {
    const scope = { ...said, kind: 'GRAPH', key, permille: undefined } as const
    await (restrict.includes(key) ? holdRestriction(context, tx, scope) : restoreCapability(context, tx, scope))
  }
}
