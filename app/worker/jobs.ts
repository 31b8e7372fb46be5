import type pg from 'pg'
import { sweepCohorts } from '../../customers/audiences/sweep-cohorts.ts'
import { sweepFormer } from '../../customers/subjects/sweep-former.ts'
import { countUses } from '../../customers/supply/count-uses.ts'
import type { Context } from '../../database/context.ts'
import { sweepGateway } from '../../gateway/sweep-gateway.ts'
import { acceptSilent } from '../../ledger/disputes/accept-silent.ts'
import { doubtSilentPayouts } from '../../ledger/payouts/doubt-silent-payouts.ts'
import { expirePoints } from '../../ledger/points/expire-points.ts'
import { matchBankEntries } from '../../ledger/reconciliation/match-bank-entries.ts'
import { sweepTraffic } from '../../partners/ratings/count-traffic.ts'
import { rateLastMonth } from '../../partners/ratings/rate-month.ts'
import type { RatingSettings } from '../../partners/ratings/rating-settings.ts'
import { warnKeys } from '../../partners/warn-keys.ts'
import { sweepDeliveries } from '../../partners/webhooks/sweep-deliveries.ts'
import { reportingUses } from '../tag-uses.ts'

/** What is done by the clock: when (crontab, UTC), and what. */
export type Job = { readonly match: string; readonly work: () => Promise<unknown> }

export type JobParts = {
  /** After so many days without a word of the bank a payout is unknown; 0 for never. */
  readonly payoutSilentDays: number
  readonly rating: RatingSettings
}

/** The jobs by their names, which stand in the database. The pool is that of the owner. */
export function jobsOf(
  context: Context,
  { payoutSilentDays: days, rating }: JobParts,
  pool: pg.Pool,
): Readonly<Record<string, Job>> {
  return {
    'sweep-gateway': { match: '* * * * *', work: () => sweepGateway(context) },
    'sweep-subjects': { match: '3 * * * *', work: () => sweepFormer(context) },
    'match-bank-entries': { match: '*/10 * * * *', work: () => matchBankEntries(context) },
    'expire-points': { match: '13 * * * *', work: () => expirePoints(context) },
    'count-tag-uses': { match: '17 * * * *', work: () => countUses(context, reportingUses(context)) },
    'accept-silent': { match: '23 * * * *', work: () => acceptSilent(context) },
    'doubt-payouts': { match: '33 * * * *', work: () => doubtSilentPayouts(context, { days }) },
    'sweep-webhooks': { match: '43 * * * *', work: () => sweepDeliveries(context) },
    'sweep-audiences': { match: '53 * * * *', work: () => sweepCohorts(context) },
    'make-partitions': { match: '7 3 * * *', work: () => pool.query('select ensure_disclosure_partitions(24)') },
    'warn-keys': { match: '27 4 * * *', work: () => warnKeys(context) },
    'rate-partners': { match: '37 4 * * *', work: () => rateLastMonth(context, rating) },
    'sweep-traffic': { match: '47 4 * * *', work: () => sweepTraffic(context) },
  }
}
