import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { OpenThing } from '../../../kernel/open-thing.ts'
import type { Agreement } from '../../agreements/agreement.ts'

/** Memberships of a partner that run now or will, save those that end as they begin; and those that it was offered and could sign. */
export async function findMemberships(sql: Reader, partner: Id<'ptr'>, now: Date): Promise<OpenThing> {
  const id = uuidOf(partner)
  return find(
    sql,
    sql`
      select ${named(sql, 'agr', sql`a.id`)} as name from agreements a
      where a.partner_id = ${id} and (a.ends_at is null or a.ends_at > ${now.toISOString()}::timestamptz)
        and (a.ends_at is null or a.ends_at > a.starts_at + interval '1 millisecond')
      union all
      select ${named(sql, 'apr', sql`p.id`)} from agreement_proposals p where p.partner_id = ${id} and p.status = 'PROPOSED'`,
  )
}

/** Disputes of a partner that nobody has answered. */
export async function findOpenDisputes(sql: Reader, partner: Id<'ptr'>): Promise<OpenThing> {
  return find(
    sql,
    sql`select ${named(sql, 'dsp', sql`d.id`)} as name from disputes d
      where d.partner_id = ${uuidOf(partner)} and d.status = 'OPEN'`,
  )
}

/** Statements of a partner that it has not answered, and may still dispute. */
export async function findDisputable(sql: Reader, partner: Id<'ptr'>, now: Date): Promise<OpenThing> {
  const which = sql`
    from statements s join statement_dispute_ends e on e.statement_id = s.id
    where s.partner_id = ${uuidOf(partner)} and s.status = 'ISSUED' and e.ends_at > ${now.toISOString()}::timestamptz`
  const [row] = await sql<{ until: Date | null }[]>`select max(e.ends_at) as until ${which}`
  return { ...(await find(sql, sql`select s.number as name ${which}`)), until: row?.until ?? undefined }
}

/** What a partner reported that waits for a confirmation which was required. */
export async function findUnconfirmedOf(sql: Reader, partner: Id<'ptr'>): Promise<OpenThing> {
  return find(
    sql,
    sql`select ${named(sql, 'ctr', sql`c.id`)} as name from contributions c
      where c.partner_id = ${uuidOf(partner)} and c.confirmation <> 'NONE' and c.status = 'REPORTED'`,
  )
}

/** Money for or from a partner that one person proposed and nobody has decided: adjustments and write-offs. */
export async function findUndecidedOf(sql: Reader, partner: Id<'ptr'>): Promise<OpenThing> {
  const id = uuidOf(partner)
  return find(
    sql,
    sql`
      select ${named(sql, 'adj', sql`a.id`)} as name from adjustments a where a.partner_id = ${id} and a.status = 'PROPOSED'
      union all
      select ${named(sql, 'wof', sql`w.id`)} from write_offs w where w.partner_id = ${id} and w.status = 'PROPOSED'`,
  )
}

/** Adjustments that were approved and that no locked month has given. */
export async function findUngivenOf(sql: Reader, partner: Id<'ptr'>): Promise<OpenThing> {
  return find(
    sql,
    sql`select ${named(sql, 'adj', sql`a.id`)} as name from adjustments a
      where a.partner_id = ${uuidOf(partner)} and a.status = 'APPROVED' and not exists (
        select from earnings e join statements s on s.id = e.statement_id and s.issued_at is not null
        where e.adjustment_id = a.id)`,
  )
}

/** Statements of a partner that have something to transfer which has not reached it by bank or on a chain; before tax. */
export async function findUnpaidOf(sql: Reader, partner: Id<'ptr'>): Promise<OpenThing> {
  const which = sql`
    from statements s left join statement_payments p on p.statement_id = s.id
    where s.partner_id = ${uuidOf(partner)} and s.issued_at is not null and s.transfer > 0
      and coalesce(p.settled, 0) < s.payout
      and not exists (select from payout_claims c where c.statement_id = s.id and c.claimed_at is not null)`
  const sums = await sql<{ asset: Asset; minor: string }[]>`
    select s.asset, sum(s.payout - coalesce(p.settled, 0))::text as minor ${which} group by s.asset order by s.asset`
  const amounts = sums.map(({ asset, minor }) => ({ asset, minor: BigInt(minor) }))
  return { ...(await find(sql, sql`select s.number as name ${which}`)), amounts }
}

/** Open breaks of a reconciliation about payouts of a partner. */
export async function findBreaksOf(sql: Reader, partner: Id<'ptr'>): Promise<OpenThing> {
  return find(
    sql,
    sql`select ${named(sql, 'brk', sql`b.id`)} as name from payouts p
      join bank_breaks b on b.payout_id = p.id and b.status = 'OPEN' where p.partner_id = ${uuidOf(partner)}`,
  )
}

/** Up to when a programme's months are locked. */
export async function selectLockedUntil(sql: Reader, programme: Id<'prg'>): Promise<Date | undefined> {
  const [row] = await sql<{ until: Date | null }[]>`
    select max(p.ends_at) as until from periods p where p.programme_id = ${uuidOf(programme)} and p.locked_at is not null`
  return row?.until ?? undefined
}

/** The last that was reported for an agreement while it ran: a referral, and anything. */
export async function selectLastReported(
  sql: Reader,
  { id, partner, startsAt, endsAt }: Agreement,
): Promise<{ readonly referral: Date | undefined; readonly any: Date | undefined }> {
  const [row] = await sql<{ referral: Date | null; any: Date | null }[]>`
    select max(c.occurred_at) filter (where c.kind = 'REFERRAL') as referral, max(c.occurred_at) as any
    from contributions c
    where c.partner_id = ${uuidOf(partner)} and c.status <> 'REJECTED'
      and (c.agreement_id is null or c.agreement_id = ${uuidOf(id)})
      and c.occurred_at >= ${startsAt.toISOString()}::timestamptz
      and c.occurred_at < coalesce(${endsAt?.toISOString() ?? null}::timestamptz, 'infinity')`
  return { referral: row?.referral ?? undefined, any: row?.any ?? undefined }
}

/** Until when a refund may take back what an agreement's statements earned; nothing where none did. */
export async function selectRefundsUntil(sql: Reader, agreement: Id<'agr'>): Promise<Date | undefined> {
  const [row] = await sql<{ until: Date | null }[]>`
    select max(p.ends_at + make_interval(hours => 24 * (t.body::jsonb ->> 'clawbackDays')::integer)) as until
    from statements s
    join periods p on p.id = s.period_id
    join terms t on t.programme_id = s.programme_id and t.version = s.terms_version
    where s.agreement_id = ${uuidOf(agreement)} and s.issued_at is not null and exists (
      -- what was given by hand is taken back by hand
      select from earnings e where e.statement_id = s.id and e.minor > 0 and e.adjustment_id is null)`
  return row?.until ?? undefined
}

/** The programmes of which a partner is or was a member, in one order. */
export async function selectProgrammesOf(sql: Reader, partner: Id<'ptr'>): Promise<readonly Id<'prg'>[]> {
  const rows = await sql<{ programme_id: string }[]>`
    select distinct a.programme_id from agreements a where a.partner_id = ${uuidOf(partner)} order by a.programme_id`
  return rows.map(({ programme_id }) => idOf('prg', programme_id))
}

function named(sql: Reader, prefix: 'agr' | 'apr' | 'ctr' | 'dsp' | 'adj' | 'wof' | 'brk', id: Fragment): Fragment {
  return sql`${prefix}::text || '_' || replace(${id}::text, '-', '')`
}

async function find(sql: Reader, names: Fragment): Promise<OpenThing> {
  const [row] = await sql<{ count: number; examples: readonly string[] }[]>`
    with found as materialized (${names})
    select count(*)::integer as count, array(select f.name from found f order by f.name limit 10) as examples from found`
  return { count: row?.count ?? 0, examples: row?.examples ?? [] }
}
