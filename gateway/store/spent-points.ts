import type { Reader } from '../../database/client.ts'
import { type Id, uuidOf } from '../../kernel/ids.ts'

/** Points to be taken from a quota. */
export type Spending = {
  /** Whose quota. */
  readonly key: string
  /** Whose share of the ordinary quota counts; of anybody else the whole of it. */
  readonly partner: Id<'ptr'> | undefined
  /** Ordinary quota: points in a minute. */
  readonly limit: number
  readonly points: number
  /** Points that were taken before and were not needed. */
  readonly givenBack: number
}

/** What the database says of a spending. */
export type Spent = {
  readonly taken: boolean
  /** Points of a whole minute, as they count for this caller now. */
  readonly limit: number
  readonly remaining: number
  /** When the quota is whole again. */
  readonly resetAt: Date
  /** Seconds after which the same could be taken, if nobody else takes anything. */
  readonly waitSeconds: number
}

type SpentRow = {
  readonly limit: string
  readonly taken: boolean
  readonly at: Date
  readonly full_at: Date
  readonly wait_seconds: string | null
}

/**
 * Takes points from a quota, in ONE statement, over any number of processes: at once up to a whole quota, and from then on a
 * quota a minute, as the points come back one by one. The row's lock puts those who come at once behind each other.
 */
export async function spendPoints(sql: Reader, { key, partner, limit, points, givenBack }: Spending): Promise<Spent> {
  const [row] = await sql<SpentRow[]>`
    with quota as (
      select ${limit}::bigint * coalesce(
        (select q.permille from partner_quotas q where q.partner_id = ${partner === undefined ? null : uuidOf(partner)}::uuid),
        1000) / 1000 as points
    ), price as (
      select make_interval(secs => floor(${points}::bigint * 60000000.0 / points) / 1000000.0) as costs,
             make_interval(secs => floor(${givenBack}::bigint * 60000000.0 / points) / 1000000.0) as given_back
      from quota where points >= ${points}::bigint and points > 0
    ), spent as (
      insert into spent_points as s (key, full_at) select ${key}, now() + costs from price
      on conflict on constraint spent_points_pkey do update
        set full_at = greatest(s.full_at - (select given_back from price), now()) + (select costs from price)
        where greatest(s.full_at - (select given_back from price), now()) + (select costs from price)
              <= now() + interval '1 minute'
      returning full_at
    )
    select q.points as limit, spent.full_at is not null as taken, now() as at,
           coalesce(spent.full_at, greatest(b.full_at, now()), now()) as full_at,
           extract(epoch from b.full_at - p.given_back + p.costs - interval '1 minute' - now()) as wait_seconds
    from quota q left join price p on true left join spent on true
      left join spent_points b on b.key = ${key}`
  if (row === undefined) throw new Error('a spending has an answer')
  return spentOf(row)
}

function spentOf({ limit, taken, at, full_at, wait_seconds }: SpentRow): Spent {
  const whole = Number(limit)
  const left = 1 - (full_at.getTime() - at.getTime()) / 60_000
  return {
    taken,
    limit: whole,
    remaining: Math.max(0, Math.floor(whole * left)),
    resetAt: full_at,
    waitSeconds: taken ? 0 : Math.max(1, Math.ceil(Number(wait_seconds ?? 60))),
  }
}
