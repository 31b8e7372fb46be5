import type { Reader } from '../../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../../kernel/ids.ts'
import type { Month } from '../../../../kernel/month.ts'
import type { LockedMonth, SeenFacts } from '../locked-month.ts'

type LockedRow = {
  readonly month: Month
  readonly starts_at: Date
  readonly ends_at: Date
  readonly facts_cut: string
  readonly cut_at: Date
  readonly not_accruing: readonly string[] | null
  readonly silent: readonly string[]
  readonly uncorrected: readonly Month[] | null
}

/** Locked months, oldest first, and those of them whose differences wait for a member who did not accrue. */
export type LockedMonths = { readonly months: readonly LockedMonth[]; readonly waiting: ReadonlySet<Month> }

/**
 * The locked months of a programme. Each closing looks back at all months before it, so a later one tells what was seen of
 * an earlier. Months that were locked without looking back have not kept who did not accrue: those were the agreements that
 * ran and have no statement.
 */
export async function selectLockedMonths(sql: Reader, programme: Id<'prg'>): Promise<LockedMonths> {
  const rows = await sql<LockedRow[]>`
    select p.month, p.starts_at, p.ends_at, p.facts_cut::text as facts_cut, p.cut_at, p.not_accruing::text[] as not_accruing,
      p.uncorrected, case when p.not_accruing is null then array(
        select a.id::text from agreements a
        where a.programme_id = p.programme_id and a.starts_at < p.ends_at and (a.ends_at is null or a.ends_at > p.starts_at)
          and not exists (select from statements s where s.period_id = p.id and s.agreement_id = a.id and s.issued_at is not null)
      ) else '{}' end as silent
    from periods p where p.programme_id = ${uuidOf(programme)} and p.locked_at is not null
    order by p.month desc`
  let lookedBack: SeenFacts | undefined
  const months: LockedMonth[] = []
  for (const row of rows) {
    const own = { cut: row.facts_cut, at: row.cut_at, refundsUntil: row.ends_at }
    if (row.not_accruing !== null) lookedBack ??= own
    months.push({
      month: row.month,
      span: { from: row.starts_at, to: row.ends_at },
      notAccruing: new Set((row.not_accruing ?? row.silent).map((uuid) => idOf('agr', uuid))),
      seen: lookedBack ?? own,
    })
  }
  return { months: months.reverse(), waiting: new Set(rows[0]?.uncorrected ?? []) }
}
