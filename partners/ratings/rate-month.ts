import { z } from 'zod'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { addDays, addMonths, type Month, monthOf, monthSpan, parseMonth } from '../../kernel/month.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import { requirePartner } from '../store/partners.ts'
import { measurePartner } from './measure-partner.ts'
import { ratePartner } from './rate-partner.ts'
import { DEFAULT_RATING, type RatingSettings } from './rating-settings.ts'
import { RATING_ZONE } from './rating-zone.ts'
import { type Score, scoreOf } from './score.ts'
import type { Scorecard } from './scorecard.ts'
import { selectRated } from './store/scorecards.ts'

/** What was measured is whole for so long. */
const MOST_DAYS = 60
/** Nobody was a partner before. */
const EARLIEST = '2000-01'

const rateMonthInput = z.strictObject({
  month: z
    .string()
    .transform(parseMonth)
    .refine((month) => month >= EARLIEST, `it is not before ${EARLIEST}`),
  /** By code or id; all that are rated unless given. */
  partner: lineOfText(60).optional(),
  /** Why one partner is rated anew. */
  reason: lineOfText(300).optional(),
})

export type RateMonthInput = z.input<typeof rateMonthInput>

/**
 * Rates all partners that are live or suspended for a month (UTC) that is over, or one of them anew. Whom it has rated already it
 * leaves, so that it may be broken off and run again, also on several processes. Returns what it rated. Throws
 * `INVALID_INPUT`, `NOT_FOUND`, `PERIOD_NOT_OVER`, and `WRONG_STATE` for one who is not rated.
 */
export async function rateMonth(
  context: Context,
  input: RateMonthInput,
  settings: RatingSettings = DEFAULT_RATING,
  onProgress: (done: { readonly done: number; readonly total: number }) => void = () => {},
): Promise<readonly Scorecard[]> {
  const { month, partner, reason } = parseWith(rateMonthInput, input, 'rating')
  if (reason !== undefined && partner === undefined) {
    throw new Fault('INVALID_INPUT', 'reason: one partner is rated anew, not all', { field: 'reason' })
  }
  const whom = await ratedIn(context, month, partner)
  const rated: Scorecard[] = []
  const hindered: unknown[] = []
  for (const [place, { id }] of whom.entries()) {
    try {
      const card = await ratePartner(context, { partner: id, month, reason, settings })
      if (card !== undefined) rated.push(card)
    } catch (error) {
      hindered.push(error)
    }
    onProgress({ done: place + 1, total: whom.length })
  }
  if (hindered.length > 0) throw hindered[0]
  return rated
}

/** What a month would be rated, by partner's code; nothing is changed. Throws the same. */
export async function previewMonth(
  context: Context,
  input: Pick<RateMonthInput, 'month' | 'partner'>,
  settings: RatingSettings = DEFAULT_RATING,
): Promise<readonly (Score & { readonly partnerCode: string })[]> {
  const { month, partner } = parseWith(rateMonthInput, input, 'rating')
  const scores: (Score & { readonly partnerCode: string })[] = []
  for (const { id, code } of await ratedIn(context, month, partner)) {
    const measured = await measurePartner(context.database.reads, id, monthSpan(month, RATING_ZONE))
    scores.push({ partnerCode: code, ...scoreOf(measured, settings) })
  }
  return scores
}

/** Rates the month before this one, wherever that was not done; for the clock. */
export async function rateLastMonth(context: Context, settings: RatingSettings): Promise<number> {
  const month = addMonths(monthOf(context.clock.now(), RATING_ZONE), -1)
  return (await rateMonth(context, { month }, settings)).length
}

async function ratedIn({ database: { reads }, clock }: Context, month: Month, partner: string | undefined) {
  const { to } = monthSpan(month, RATING_ZONE)
  if (clock.now() < to) throw new Fault('PERIOD_NOT_OVER', `${month} ends at ${to.toISOString()}: it is rated then`)
  if (clock.now() > addDays(to, MOST_DAYS)) {
    throw new Fault('INVALID_INPUT', `month: ${month} ended more than ${MOST_DAYS} days ago`, { field: 'month' })
  }
  const rated = await selectRated(reads, to)
  if (partner === undefined) return rated
  const { id, code } = await requirePartner(reads, partner)
  if (rated.some((one) => one.id === id)) return [{ id, code }]
  throw new Fault(
    'WRONG_STATE',
    `partner ${code} is not rated for ${month}: it is for who is live or suspended since then`,
    {
      field: 'partner',
    },
  )
}
