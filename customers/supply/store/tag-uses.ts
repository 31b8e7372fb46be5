import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { DayOfUses } from '../use-ports.ts'

/** Customers of fewer than this are not counted out: who supplied them could tell who it was. */
const FEWEST_CUSTOMERS = 10
/** A statement that reads takes less; what it writes of a day is there so long after the day is over. */
const GRACE_MINUTES = 10

/** How often what a partner supplied of a tag was read by others in a month, and of how many customers, unless they are few. */
export type TagUse = { readonly key: string; readonly uses: number; readonly customers: number | undefined }

/** A step of the statements that read, behind `answered`: what was given that another partner supplied is a use. */
export function countedUses(sql: Reader, { disclosure, reader }: Record<'disclosure' | 'reader', Fragment>): Fragment {
  return sql`
    used as (
      insert into tag_uses (disclosure_id, at, supplier_id, tag_key, customer_id)
      select ${disclosure}, statement_timestamp(), split_part(u.name, ' ', 2)::uuid, split_part(u.name, ':', 1), customer_id
      from answered cross join lateral unnest(supplied) as u (name)
      where given is not null and split_part(u.name, ' ', 2)::uuid <> ${reader}
    )`
}

/**
 * Counts the uses of days that are over, each day once; processes take turns. Returns how many rows of days and tags it made.
 */
export async function foldUses(tx: Transaction): Promise<number> {
  const [head] = await tx<{ from: string; until: string; due: boolean }[]>`
    select (through + 1)::text as from, d.until::text as until, through + 1 < d.until as due
    from tag_use_head,
      (select ((clock_timestamp() - make_interval(mins => ${GRACE_MINUTES})) at time zone 'UTC')::date as until) as d
    for update of tag_use_head`
  if (head?.due !== true) return 0
  const rows = await tx`
    insert into tag_use_days (supplier_id, day, tag_key, uses)
    select u.supplier_id, (u.at at time zone 'UTC')::date, u.tag_key, count(*)
    from tag_uses u join customers c on c.id = u.customer_id and not c.synthetic
    where u.at >= ${head.from}::text::date::timestamp at time zone 'UTC'
      and u.at < ${head.until}::text::date::timestamp at time zone 'UTC'
    group by 1, 2, 3
    returning tag_key`
  await tx`update tag_use_head set through = ${head.until}::text::date - 1`
  return rows.length
}

/** Days that became no contribution yet, the first ones first. */
export async function selectDueDays(sql: Reader, limit: number): Promise<readonly DayOfUses[]> {
  const rows = await sql<{ supplier_id: string; day: string; key: string; uses: string }[]>`
    select supplier_id, day::text as day, tag_key as key, uses from tag_use_days
    where reported_at is null order by day, supplier_id, tag_key limit ${limit}`
  return rows.map(({ supplier_id, uses, ...row }) => ({
    ...row,
    supplier: idOf('ptr', supplier_id),
    uses: BigInt(uses),
  }))
}

/** Notes that days became contributions. */
export async function markReported(tx: Transaction, days: readonly DayOfUses[], at: Date): Promise<void> {
  await tx`
    update tag_use_days t set reported_at = ${at.toISOString()}
    from unnest(${days.map(({ supplier }) => uuidOf(supplier))}::text[]::uuid[], ${days.map(({ day }) => day)}::text[]::date[],
                ${days.map(({ key }) => key)}::text[]) as d (supplier_id, day, tag_key)
    where t.supplier_id = d.supplier_id and t.day = d.day and t.tag_key = d.tag_key`
}

/** What others read of what a partner supplied in a month (UTC), by tag, also of days that are not over. */
export async function selectUses(sql: Reader, supplier: Id<'ptr'>, month: string): Promise<readonly TagUse[]> {
  const first = `${month}-01`
  const rows = await sql<{ key: string; uses: string; customers: string | null }[]>`
    select u.tag_key as key, count(*) as uses,
           case when count(distinct u.customer_id) >= ${FEWEST_CUSTOMERS} then count(distinct u.customer_id) end as customers
    from tag_uses u join customers c on c.id = u.customer_id and not c.synthetic
    where u.supplier_id = ${uuidOf(supplier)}
      and u.at >= ${first}::text::date::timestamp at time zone 'UTC'
      and u.at < (${first}::text::date + interval '1 month') at time zone 'UTC'
    group by u.tag_key order by u.tag_key`
  return rows.map(({ key, uses, customers }) => ({
    ...{ key, uses: Number(uses) },
    customers: customers === null ? undefined : Number(customers),
  }))
}
