import type { Fragment } from 'postgres'
import type { Reader } from '../../../database/client.ts'
import { type Id, idOf, uuidOf } from '../../../kernel/ids.ts'
import type { Page } from '../../../kernel/pages.ts'
import type { PointsHistoryMove } from '../points-history.ts'

type Row = {
  readonly id: string
  readonly kind: PointsHistoryMove['kind']
  readonly points: string
  readonly at: Date
  readonly expires_at: Date | null
  readonly reward_code: string | null
  readonly name_en: string | null
  readonly name_zh: string | null
  readonly reason: string | null
  readonly record_id: string
}

/** Up to one more than the page holds, in the page's direction, the last that was written first. */
export async function selectHistory(
  sql: Reader,
  account: Id<'pta'>,
  { cursor, direction, limit }: Page,
): Promise<readonly PointsHistoryMove[]> {
  const forward = direction === 'forward'
  const from = cursor?.[0]
  const rows = await sql<Row[]>`
    ${moves(sql)} where m.account_id = ${uuidOf(account)}
      ${from === undefined ? sql`` : forward ? sql`and m.id < ${from}::uuid` : sql`and m.id > ${from}::uuid`}
    order by m.id ${forward ? sql`desc` : sql`asc`} limit ${limit + 1}`
  return rows.map(historyOf)
}

/** These moves, in the order in which they were written. */
export async function selectMoves(sql: Reader, ids: readonly Id<'ptm'>[]): Promise<readonly PointsHistoryMove[]> {
  const rows = await sql<Row[]>`${moves(sql)} where m.id = any (${ids.map(uuidOf)}::text[]::uuid[]) order by m.id`
  return rows.map(historyOf)
}

function moves(sql: Reader): Fragment {
  return sql`
    select m.id, m.kind, m.points, m.at, l.expires_at, m.reward_code, r.name_en, r.name_zh, m.reason, m.record_id
    from points_moves m
    left join points_lots l on l.id = m.lot_id and m.kind = 'EARNED'
    left join rewards r on r.code = m.reward_code and r.version = m.reward_version`
}

function historyOf(row: Row): PointsHistoryMove {
  const { reward_code: code, name_en: nameEn, name_zh: nameZh } = row
  return {
    id: idOf('ptm', row.id),
    kind: row.kind,
    points: BigInt(row.points),
    at: row.at,
    expiresAt: row.expires_at ?? undefined,
    reward: code === null || nameEn === null || nameZh === null ? undefined : { code, nameEn, nameZh },
    reason: row.reason ?? undefined,
    record: idOf('rec', row.record_id),
  }
}
