import type { Context } from '../../database/context.ts'
import { parseMonth } from '../../kernel/month.ts'
import { requirePartner } from '../store/partners.ts'
import type { Scorecard } from './scorecard.ts'
import { selectScorecards, selectScorecardsOf } from './store/scorecards.ts'

const A_YEAR = 12

/** A partner's (id or code) scorecards of the last twelve months that were rated, the latest first. Throws `NOT_FOUND`. */
export async function listScorecards({ database: { reads } }: Context, partner: string): Promise<readonly Scorecard[]> {
  return selectScorecards(reads, (await requirePartner(reads, partner)).id, A_YEAR)
}

/** How all partners were rated for a month, by their codes. Throws `INVALID_INPUT` for what is no month. */
export async function listRatingsOf({ database: { reads } }: Context, month: string) {
  return selectScorecardsOf(reads, parseMonth(month))
}
