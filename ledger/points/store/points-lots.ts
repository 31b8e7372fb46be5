import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { PointsLot } from '../points-move.ts'
import type { LotLeft } from '../take-points.ts'

/** What stands on an account. */
export type PointsState = {
  /** What its moves come to; below zero where more was taken back than there was. */
  readonly balance: bigint
  /** What is left in its lots: the balance, and what the account owes. */
  readonly left: bigint
  /** The place of its youngest lot; 0 without one. */
  readonly lastNo: number
}

/** What stands on each of these accounts. */
export async function selectStates(
  sql: Reader,
  accounts: readonly Id<'pta'>[],
): Promise<ReadonlyMap<Id<'pta'>, PointsState>> {
  const rows = await sql<{ id: string; balance: string; left: string; last_no: number }[]>`
    select a.id, m.balance, l.points - l.taken as left, l.last_no
    from unnest(${accounts.map(uuidOf)}::text[]::uuid[]) as a (id)
    cross join lateral (
      select coalesce(sum(m.points), 0) as balance from points_moves m where m.account_id = a.id
    ) m
    cross join lateral (
      select coalesce(sum(l.points), 0) as points, coalesce(max(l.no), 0) as last_no, coalesce(sum(t.points), 0) as taken
      from points_lots l
      left join lateral (select sum(p.points) as points from points_parts p where p.lot_id = l.id) t on true
      where l.account_id = a.id
    ) l`
  return new Map(
    rows.map(({ id, balance, left, last_no: lastNo }) => [
      idOf('pta', id),
      { balance: BigInt(balance), left: BigInt(left), lastNo },
    ]),
  )
}

/** What an account comes to, and what its lots still hold, the oldest first; those that hold nothing are left out. */
export type Standing = { readonly balance: bigint; readonly lots: readonly LotLeft[] }

type LeftRow = {
  readonly id: string
  readonly points: string
  readonly asset: Asset
  readonly money: string
  readonly expires_at: Date
}
type StandingRow = { readonly balance: string } & (LeftRow | { readonly id: null })

/** What stands on an account, all of it at one moment. */
export async function selectStanding(sql: Reader, account: Id<'pta'>): Promise<Standing> {
  const rows = await sql<StandingRow[]>`
    select m.balance, l.id, l.points - coalesce(l.taken, 0) as points, l.asset, l.money - coalesce(l.spent, 0) as money,
      l.expires_at
    from (select coalesce(sum(m.points), 0) as balance from points_moves m where m.account_id = ${uuidOf(account)}) m
    left join (
      select l.*, t.taken, t.spent from points_lots l
      cross join lateral (
        select sum(p.points) as taken, sum(p.money) as spent from points_parts p where p.lot_id = l.id
      ) t
      where l.account_id = ${uuidOf(account)}
    ) l on l.points > coalesce(l.taken, 0)
    order by l.no`
  const lots = rows.flatMap((row) => (row.id === null ? [] : leftOf(row)))
  return { balance: BigInt(rows[0]?.balance ?? 0), lots }
}

function leftOf({ id, points, asset, money, expires_at: expiresAt }: LeftRow): LotLeft {
  return { lot: idOf('ptl', id), points: BigInt(points), asset, money: BigInt(money), expiresAt }
}

/** What a lot was earned for: no two lots have the same. */
export type LotCause = Pick<PointsLot, 'contribution' | 'terms' | 'place' | 'beneficiary'>

/** What a lot was earned for, as text. */
export function causeKey({ contribution, terms, place, beneficiary }: LotCause): string {
  return [contribution, terms, place, beneficiary].join('/')
}

/** The keys of those causes for which there is a lot already. */
export async function selectEarned(sql: Reader, causes: readonly LotCause[]): Promise<ReadonlySet<string>> {
  const contributions = [...new Set(causes.map(({ contribution }) => uuidOf(contribution)))]
  const rows = await sql<{ contribution_id: string; terms_id: string; rule_place: number; beneficiary: string }[]>`
    select l.contribution_id, l.terms_id, l.rule_place, l.beneficiary from points_lots l
    where l.contribution_id = any (${contributions}::text[]::uuid[])`
  return new Set(
    rows.map(({ contribution_id, terms_id, rule_place, beneficiary }) =>
      [idOf('ctr', contribution_id), idOf('trm', terms_id), rule_place, beneficiary].join('/'),
    ),
  )
}

/** What lots of these accounts still hold at or past their end, and whose it is. */
export async function selectOverdueLots(
  sql: Reader,
  accounts: readonly Id<'pta'>[],
  now: Date,
): Promise<readonly (LotLeft & { readonly account: Id<'pta'> })[]> {
  const rows = await sql<(LeftRow & { readonly account_id: string })[]>`
    select l.account_id, l.id, l.points - coalesce(t.points, 0) as points, l.asset, l.money - coalesce(t.money, 0) as money,
      l.expires_at
    from points_lots l
    cross join lateral (
      select sum(p.points) as points, sum(p.money) as money from points_parts p where p.lot_id = l.id
    ) t
    where l.account_id = any (${accounts.map(uuidOf)}::text[]::uuid[]) and l.expires_at <= ${now.toISOString()}
      and l.points > coalesce(t.points, 0)
    order by l.account_id, l.no`
  return rows.map((row) => ({ account: idOf('pta', row.account_id), ...leftOf(row) }))
}

/** A lot that is to be taken back: how many of its points have not expired, and whether it was taken back already. */
export type ReversibleLot = {
  readonly lot: Id<'ptl'>
  readonly account: Id<'pta'>
  readonly points: bigint
  readonly reversed: boolean
}

/** The lots that contributions earned, by account and age. */
export async function selectReversible(
  sql: Reader,
  contributions: readonly Id<'ctr'>[],
): Promise<readonly ReversibleLot[]> {
  const rows = await sql<{ id: string; account_id: string; points: string; reversed: boolean }[]>`
    select l.id, l.account_id, l.points + coalesce(e.points, 0) as points,
      exists (select from points_moves m where m.lot_id = l.id and m.kind = 'REVERSED') as reversed
    from points_lots l
    left join points_moves e on e.lot_id = l.id and e.kind = 'EXPIRED'
    where l.contribution_id = any (${contributions.map(uuidOf)}::text[]::uuid[])
    order by l.account_id, l.no`
  return rows.map(({ id, account_id, points, reversed }) => ({
    lot: idOf('ptl', id),
    account: idOf('pta', account_id),
    points: BigInt(points),
    reversed,
  }))
}

/** The referral that holds for a customer. */
export type HeldReferral = { readonly customer: Id<'cus'>; readonly contribution: Id<'ctr'> }

/**
 * Referrals of these customers in the programme that earned points which were not taken back, though another one holds:
 * it came late and was earlier.
 */
export async function selectDisplaced(
  sql: Reader,
  programme: Id<'prg'>,
  held: readonly HeldReferral[],
): Promise<readonly Id<'ctr'>[]> {
  const rows = await sql<{ id: string }[]>`
    select distinct c.id
    from unnest(
      ${held.map(({ customer }) => uuidOf(customer))}::text[]::uuid[],
      ${held.map(({ contribution }) => uuidOf(contribution))}::text[]::uuid[]
    ) as h (customer_id, contribution_id)
    join contributions c on c.customer_id = h.customer_id and c.status = 'CONFIRMED' and c.id <> h.contribution_id
    join points_lots l on l.contribution_id = c.id and l.programme_id = ${uuidOf(programme)}
    where not exists (select from points_moves m where m.lot_id = l.id and m.kind = 'REVERSED')
    order by c.id`
  return rows.map(({ id }) => idOf('ctr', id))
}

/** Accounts, beyond one of them, in which lots hold points at or past their end. */
export async function selectOverdue(
  sql: Reader,
  { now, after, limit }: { readonly now: Date; readonly after: Id<'pta'> | undefined; readonly limit: number },
): Promise<readonly Id<'pta'>[]> {
  const rows = await sql<{ account_id: string }[]>`
    select distinct l.account_id from points_lots l
    where l.expires_at <= ${now.toISOString()}
      ${after === undefined ? sql`` : sql`and l.account_id > ${uuidOf(after)}`}
      and l.points > (select coalesce(sum(p.points), 0) from points_parts p where p.lot_id = l.id)
    order by l.account_id limit ${limit}`
  return rows.map(({ account_id }) => idOf('pta', account_id))
}
