import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { PointsAward } from '../../points/award-points.ts'
import type { PointsHolder } from '../../points/points-account.ts'
import type { Run } from '../period-run.ts'
import type { PointsOfPeriod } from '../points-of-period.ts'

/** Writes points that the lock of a run is to give, behind the `before` that were written so far. */
export async function insertDraftedPoints(
  tx: Transaction,
  { period, run }: Run,
  { awards, displaced, before }: PointsOfPeriod & { readonly before: number },
): Promise<void> {
  await tx`
    insert into drafted_points (period_id, run, no, contribution_id, terms_id, rule_place, beneficiary, customer_id,
      partner_id, agreement_id, points, asset, money, referred_at, expires_after_days)
    select ${uuidOf(period)}, ${run}, p.no, p.contribution_id, p.terms_id, p.rule_place, p.beneficiary, p.customer_id,
      p.partner_id, p.agreement_id, p.points, p.asset, p.money, p.referred_at, p.expires_after_days
    from jsonb_to_recordset(${JSON.stringify(awards.map((award, index) => rowOf(award, before + index + 1)))}::text::jsonb)
      as p (no integer, contribution_id uuid, terms_id uuid, rule_place smallint, beneficiary text, customer_id uuid,
        partner_id uuid, agreement_id uuid, points numeric, asset text, money numeric, referred_at timestamptz,
        expires_after_days integer)`
  await tx`
    insert into displaced_referrals (period_id, run, contribution_id)
    select ${uuidOf(period)}, ${run}, d.id from unnest(${displaced.map(uuidOf)}::text[]::uuid[]) as d (id)
    on conflict do nothing`
}

function rowOf(award: PointsAward, no: number): object {
  const { holder } = award
  return {
    no,
    contribution_id: uuidOf(award.contribution),
    terms_id: uuidOf(award.terms),
    rule_place: award.place,
    beneficiary: award.beneficiary,
    customer_id: 'customer' in holder ? uuidOf(holder.customer) : null,
    partner_id: 'customer' in holder ? null : uuidOf(holder.partner),
    agreement_id: uuidOf(award.agreement),
    points: `${award.points}`,
    asset: award.asset,
    money: `${award.money}`,
    referred_at: award.at.toISOString(),
    expires_after_days: award.expiresAfterDays,
  }
}

type DraftedRow = {
  readonly contribution_id: string
  readonly terms_id: string
  readonly rule_place: number
  readonly beneficiary: PointsAward['beneficiary']
  readonly customer_id: string | null
  readonly partner_id: string | null
  readonly partner_code: string | null
  readonly agreement_id: string
  readonly points: string
  readonly asset: Asset
  readonly money: string
  readonly referred_at: Date
  readonly expires_after_days: number
}

/** What the lock of a run gives and takes back, in the order in which it was drafted. */
export async function selectDraftedPoints(
  sql: Reader,
  { period, run }: Run,
  programme: Id<'prg'>,
): Promise<PointsOfPeriod> {
  const rows = await sql<DraftedRow[]>`
    select p.contribution_id, p.terms_id, p.rule_place, p.beneficiary, p.customer_id, p.partner_id, d.code as partner_code,
      p.agreement_id, p.points, p.asset, p.money, p.referred_at, p.expires_after_days
    from drafted_points p left join partner_duties d on d.partner_id = p.partner_id
    where p.period_id = ${uuidOf(period)} and p.run = ${run} order by p.no`
  const displaced = await sql<{ contribution_id: string }[]>`
    select d.contribution_id from displaced_referrals d
    where d.period_id = ${uuidOf(period)} and d.run = ${run} order by d.contribution_id`
  return {
    awards: rows.map((row) => awardOf(row, programme)),
    displaced: displaced.map(({ contribution_id: id }) => idOf('ctr', id)),
  }
}

/** Points that the lock of a run gives in all, if nobody is erased before it. */
export async function sumDraftedPoints(sql: Reader, { period, run }: Run): Promise<bigint> {
  const [row] = await sql<{ points: string }[]>`
    select coalesce(sum(p.points), 0) as points from drafted_points p
    where p.period_id = ${uuidOf(period)} and p.run = ${run}`
  return BigInt(row?.points ?? 0)
}

function awardOf(row: DraftedRow, programme: Id<'prg'>): PointsAward {
  const { beneficiary, asset, referred_at: at, expires_after_days: expiresAfterDays, rule_place: place } = row
  return {
    ...{ beneficiary, asset, at, expiresAfterDays, place, programme },
    holder: holderOf(row),
    points: BigInt(row.points),
    money: BigInt(row.money),
    agreement: idOf('agr', row.agreement_id),
    terms: idOf('trm', row.terms_id),
    contribution: idOf('ctr', row.contribution_id),
  }
}

function holderOf({ customer_id: customer, partner_id: partner, partner_code: partnerCode }: DraftedRow): PointsHolder {
  if (partner !== null && partnerCode !== null) return { partner: idOf('ptr', partner), partnerCode }
  return { customer: idOf('cus', customer ?? '') }
}
