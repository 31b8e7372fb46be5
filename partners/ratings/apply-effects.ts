import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { addDays, addMonths, monthSpan } from '../../kernel/month.ts'
import { lowerQuota } from '../capabilities/lower-quota.ts'
import { restoreCapability } from '../capabilities/restore-capability.ts'
import { restoreQuota } from '../capabilities/restore-quota.ts'
import { restrictUntil } from '../capabilities/restrict-until.ts'
import type { RatingSettings } from './rating-settings.ts'
import { RATING_ZONE } from './rating-zone.ts'
import type { Scorecard } from './scorecard.ts'

/** How long after a month's end its successor's rating is here at the latest, or what the rating took is given back. */
const DAYS_TO_RATE = 10
/** How the reason begins by which the rating knows what it took itself. */
const TAKEN_FOR = 'rated '

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
  const { quotaPermille: permille, restrict } = effects[grade]
  const until = addDays(monthSpan(addMonths(month, 1), RATING_ZONE).to, DAYS_TO_RATE)
  const reason = `${TAKEN_FOR}${grade} for ${month}`
  await restoreQuota(context, tx, { partner, loweredFor: TAKEN_FOR, reason })
  if (permille < 1000) await lowerQuota(context, tx, { partner, permille, until, reason })
  const ever = new Set(Object.values(effects).flatMap((effect) => effect.restrict))
  for (const key of ever) {
    if (restrict.includes(key)) await restrictUntil(context, tx, { partner, scope: key, until, reason })
    else await restoreCapability(context, tx, { partner, kind: 'GRAPH', key, takenFor: TAKEN_FOR, reason })
  }
}
