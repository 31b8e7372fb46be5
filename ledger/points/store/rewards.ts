import type { Fragment } from 'postgres'
import type { Reader, Transaction } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Asset } from '../../../kernel/money.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { Reward, RewardStatus, RewardSupply } from '../reward.ts'

/** A version of a reward with its record. */
export type RewardToKeep = Omit<Reward, 'supply' | 'available'> & {
  readonly supply: Omit<RewardSupply, 'partnerCode'> | undefined
  readonly record: { readonly id: Id<'rec'> }
}

/** A version of a reward, by which it is told apart. */
export type RewardKey = Pick<Reward, 'code' | 'version'>

type Row = {
  readonly code: string
  readonly version: number
  readonly name_en: string
  readonly name_zh: string
  readonly points: string
  readonly partner_id: string | null
  readonly partner_code: string | null
  readonly asset: Asset | null
  readonly minor: string | null
  readonly status: RewardStatus
  readonly available: boolean
}

/** The version of a reward that holds. */
export async function selectReward(sql: Reader, code: string): Promise<Reward | undefined> {
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from rewards r left join partner_duties d on d.partner_id = r.partner_id
    where r.code = ${code} order by r.version desc limit 1`
  return row && rewardOf(row)
}

/** Up to one more than the page holds, in the page's direction, by code; of each the version that holds. */
export async function selectRewards(
  sql: Reader,
  { availableOnly, page: { cursor, direction, limit } }: { readonly availableOnly: boolean; readonly page: Page },
): Promise<readonly Reward[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    select ${columns(sql)}
    from (select distinct on (v.code) v.* from rewards v order by v.code, v.version desc) r
    left join partner_duties d on d.partner_id = r.partner_id
    where ${availableOnly ? sql`r.status = 'ACTIVE' and (r.partner_id is null or d.accrues)` : sql`true`}
      ${from === undefined ? sql`` : forward ? sql`and r.code > ${from}` : sql`and r.code < ${from}`}
    order by r.code ${forward ? sql`asc` : sql`desc`} limit ${limit + 1}`
  return rows.map(rewardOf)
}

function columns(sql: Reader): Fragment {
  return sql`r.code, r.version, r.name_en, r.name_zh, r.points, r.partner_id, d.code as partner_code, r.asset, r.minor,
    r.status, r.status = 'ACTIVE' and (r.partner_id is null or coalesce(d.accrues, false)) as available`
}

function rewardOf(row: Row): Reward {
  const { code, version, name_en: nameEn, name_zh: nameZh, partner_id: partner, asset, minor, status, available } = row
  const supply =
    partner === null || asset === null || minor === null
      ? undefined
      : { partner: idOf('ptr', partner), partnerCode: row.partner_code ?? '', price: { asset, minor: BigInt(minor) } }
  return { code, version, nameEn, nameZh, points: BigInt(row.points), supply, status, available }
}

/** Holds a code until the transaction ends: nobody else defines its next version. */
export async function lockReward(tx: Transaction, code: string): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`reward:${code}`}, 0))`
}

/** Stores versions of rewards. */
export async function insertRewards(tx: Transaction, rewards: readonly RewardToKeep[]): Promise<void> {
  if (rewards.length === 0) return
  await tx`
    insert into rewards (code, version, name_en, name_zh, points, partner_id, asset, minor, status, record_id)
    select r.code, r.version, r.name_en, r.name_zh, r.points, r.partner_id, r.asset, r.minor, r.status, r.record_id
    from jsonb_to_recordset(${JSON.stringify(rewards.map(rowOf))}::jsonb) as r (code text, version integer, name_en text,
      name_zh text, points numeric, partner_id uuid, asset text, minor numeric, status text, record_id uuid)`
}

function rowOf({ code, version, nameEn, nameZh, points, supply, status, record }: RewardToKeep): object {
  return {
    code,
    version,
    name_en: nameEn,
    name_zh: nameZh,
    points: String(points),
    partner_id: supply && uuidOf(supply.partner),
    asset: supply?.price.asset,
    minor: supply && String(supply.price.minor),
    status,
    record_id: uuidOf(record.id),
  }
}

/** Those of the versions that there are, by {@link rewardKey}. */
export async function selectKnownRewards(sql: Reader, keys: readonly RewardKey[]): Promise<ReadonlySet<string>> {
  if (keys.length === 0) return new Set()
  const rows = await sql<{ code: string; version: number }[]>`
    select r.code, r.version from rewards r
    where (r.code, r.version) in (
      select * from unnest(${keys.map(({ code }) => code)}::text[], ${keys.map(({ version }) => version)}::integer[]))`
  return new Set(rows.map(rewardKey))
}

/** What tells versions of rewards apart. */
export function rewardKey({ code, version }: RewardKey): string {
  return `${code}/${version}`
}
