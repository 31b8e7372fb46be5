import type { Reader } from '../../database/client.ts'
import type { Programme } from '../agreements/programme.ts'
import { termsOfProgramme } from '../agreements/store/terms.ts'
import { lateIn } from './corrections/late-in.ts'
import { selectLockedMonths } from './corrections/store/locked-months.ts'
import type { Period } from './period.ts'
import { type Found, findApprovedSince } from './store/open-things.ts'
import { selectFactsCut } from './store/periods.ts'

const NOTHING: Found = { count: 0, examples: [] }

/**
 * Facts, and adjustments that were approved, since a period was calculated: a calculation now would count them, and when
 * the period is locked without them, a later month gives them. Those of the locked months that it corrects are among them.
 */
export async function factsSince(sql: Reader, programme: Programme, period: Period): Promise<Found> {
  const cut = await selectFactsCut(sql, period.id)
  if (cut === undefined || period.cutAt === undefined) return NOTHING
  const span = { from: period.startsAt, to: period.endsAt }
  const seen = { cut, at: period.cutAt, refundsUntil: span.to }
  const { months } = await selectLockedMonths(sql, programme.id)
  const looked = [
    ...months.map((month) => ({ ...month, seen })),
    { month: period.month, span, notAccruing: new Set<never>(), seen },
  ]
  const terms = await termsOfProgramme(sql, programme.id)
  const late = await lateIn({ sql, programme: programme.id, span, terms, agreements: new Set() }, looked)
  const approved = await findApprovedSince(sql, programme.id, cut)
  return { count: late.facts + approved.count, examples: [...late.examples, ...approved.examples].slice(0, 10) }
}
