import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { addMonths, type Month, monthSpan } from '../../kernel/month.ts'
import { openReview } from '../assessments/open-review.ts'
import { applyEffects } from './apply-effects.ts'
import { keepScorecard } from './keep-scorecard.ts'
import { measurePartner } from './measure-partner.ts'
import type { RatingSettings } from './rating-settings.ts'
import { RATING_ZONE } from './rating-zone.ts'
import { scoreOf } from './score.ts'
import type { Scorecard } from './scorecard.ts'
import { lockRating, selectScorecard, selectScorecards } from './store/scorecards.ts'

export type RatePartnerInput = {
  readonly partner: Id<'ptr'>
  readonly month: Month
  /** Why it is rated anew; without it, a month that was rated stays as it is. */
  readonly reason?: string | undefined
  readonly settings: RatingSettings
}

/**
 * Rates one partner for a month that is over, once: its scorecard, what follows from it, and a review when it is the second D in
 * a row, in one transaction. Returns nothing where it was rated already.
 */
export async function ratePartner(
  context: Context,
  { partner, month, reason, settings }: RatePartnerInput,
): Promise<Scorecard | undefined> {
  return context.database.transaction(async (tx) => {
    await lockRating(tx, partner)
    const standing = await selectScorecard(tx, partner, month)
    if (standing !== undefined && reason === undefined) return undefined
    const { measures, score, grade } = scoreOf(
      await measurePartner(tx, partner, monthSpan(month, RATING_ZONE)),
      settings,
    )
    const card = await keepScorecard(context, tx, {
      ...{ id: newId('scd'), partner, month, version: (standing?.version ?? 0) + 1, grade, score, measures },
      reason: standing === undefined ? undefined : reason,
    })
    await follow(context, tx, card, settings)
    return card
  })
}

/** Of months that were followed by another one, nothing is changed any more. */
async function follow(context: Context, tx: Transaction, card: Scorecard, settings: RatingSettings): Promise<void> {
  const { partner, month, grade } = card
  const [latest] = await selectScorecards(tx, partner, 1)
  if (latest !== undefined && latest.month > month) return
  await applyEffects(context, tx, card, settings)
  const before = await selectScorecard(tx, partner, addMonths(month, -1))
  if (grade === 'D' && before?.grade === 'D') await openReview(context, tx, partner)
}
