import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, type IdPrefix, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Span } from '../../../kernel/month.ts'

/** How many of something there are, and ids of up to ten of them. */
export type Found = { readonly count: number; readonly examples: readonly string[] }

/** Contributions of members in a span that wait for a confirmation that was required. */
export async function findUnconfirmed(sql: Reader, programme: Id<'prg'>, { from, to }: Span): Promise<Found> {
  return find(
    sql,
    'ctr',
    sql`select c.id from contributions c
      where c.confirmation <> 'NONE' and c.status = 'REPORTED'
        and c.occurred_at >= ${from.toISOString()} and c.occurred_at < ${to.toISOString()}
        and exists (select from agreements a where a.programme_id = ${uuidOf(programme)} and a.partner_id = c.partner_id
          and c.occurred_at >= a.starts_at and (a.ends_at is null or c.occurred_at < a.ends_at)
          and (c.agreement_id is null or c.agreement_id = a.id))`,
  )
}

/** Adjustments that nobody has decided. */
export async function findUndecided(sql: Reader, programme: Id<'prg'>): Promise<Found> {
  return find(
    sql,
    'adj',
    sql`select a.id from adjustments a where a.programme_id = ${uuidOf(programme)} and a.status = 'PROPOSED'`,
  )
}

/** Adjustments that were approved since the facts of a period were read, so that its drafts do not have them. */
export async function findApprovedSince(sql: Reader, programme: Id<'prg'>, factsCut: string): Promise<Found> {
  return find(
    sql,
    'adj',
    sql`select a.id from adjustments a join records r on r.id = a.decision_record_id
      where a.programme_id = ${uuidOf(programme)} and a.status = 'APPROVED'
        and not pg_visible_in_snapshot(r.tx_id, ${factsCut}::pg_snapshot)`,
  )
}

/** Disputes about statements of a period that nobody has answered. */
export async function findDisputes(sql: Reader, period: Id<'per'>): Promise<Found> {
  return find(
    sql,
    'dsp',
    sql`select d.id from disputes d join statements s on s.id = d.statement_id
      where s.period_id = ${uuidOf(period)} and d.status = 'OPEN'`,
  )
}

/** Statements of a period that their partners have not answered, and may still dispute. */
export async function findUnanswered(sql: Reader, period: Id<'per'>, now: Date): Promise<Found> {
  return find(
    sql,
    'sta',
    sql`select s.id from statements s join statement_dispute_ends e on e.statement_id = s.id
      where s.period_id = ${uuidOf(period)} and s.status = 'ISSUED' and e.ends_at > ${now.toISOString()}::timestamptz`,
  )
}

/** Statements of a period that have something to transfer, and whose payout is neither settled by banks nor claimed. */
export async function findUnpaid(sql: Reader, period: Id<'per'>): Promise<Found> {
  return find(
    sql,
    'sta',
    sql`select s.id from statements s left join statement_payments p on p.statement_id = s.id
      where s.period_id = ${uuidOf(period)} and s.issued_at is not null and s.transfer > 0
        and coalesce(p.settled, 0) < s.payout
        and not exists (select from payout_claims c where c.statement_id = s.id and c.claimed_at is not null)`,
  )
}

/** Open breaks of a reconciliation that are about payouts of a period's statements. */
export async function findBreaks(sql: Reader, period: Id<'per'>): Promise<Found> {
  return find(
    sql,
    'brk',
    sql`select b.id from statements s join payouts p on p.statement_id = s.id
      join bank_breaks b on b.payout_id = p.id and b.status = 'OPEN' where s.period_id = ${uuidOf(period)}`,
  )
}

/** Open breaks about entries of banks in an asset that match nothing. */
export async function findUnmatched(sql: Reader, asset: Asset): Promise<Found> {
  return find(
    sql,
    'brk',
    sql`select b.id from bank_breaks b
      where b.status = 'OPEN' and b.asset = ${asset} and b.entry_id is not null and b.payout_id is null`,
  )
}

/** Records of a period's lock and its statements that have no place in the sealed log yet. */
export async function findUnsealed(sql: Reader, period: Id<'per'>): Promise<Found> {
  return find(
    sql,
    'rec',
    sql`select r.id from (
        select p.record_id as id from periods p where p.id = ${uuidOf(period)}
        union all select s.record_id from statements s where s.period_id = ${uuidOf(period)}
      ) r
      where r.id is not null and not exists (select from seals l where l.record_id = r.id)`,
  )
}

async function find(sql: Reader, prefix: IdPrefix, ids: Fragment): Promise<Found> {
  const [row] = await sql<{ count: number; examples: readonly string[] }[]>`
    with found as materialized (${ids})
    select count(*)::integer as count,
      array(select ${prefix}::text || '_' || replace(f.id::text, '-', '') from found f order by f.id limit 10) as examples
    from found`
  return { count: row?.count ?? 0, examples: row?.examples ?? [] }
}
