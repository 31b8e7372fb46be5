import type { Reader } from '../../../database/client.ts'
import type { Asset } from '../../../kernel/money.ts'
import { instantText, type ReportMoment } from '../report-moment.ts'

/** Points of one programme that lots hold, and the money that is set aside for them, in minor units of the asset. */
export type PointsWorth = {
  readonly programme: string
  readonly asset: Asset
  readonly points: bigint
  readonly minor: bigint
}

/** What lots hold by programme and asset. Moves count at the time of their entries. */
export async function selectPointsWorth(sql: Reader, moment: ReportMoment): Promise<readonly PointsWorth[]> {
  const at = instantText(moment)
  const rows = await sql<{ programme: string; asset: Asset; points: string; minor: string }[]>`
    with moved as materialized (
      select m.id, m.kind, m.lot_id from points_moves m
      left join journal_entries e on e.reference = 'points:ptm_' || replace(m.id::text, '-', '')
      where coalesce(e.at, m.at) <= ${at}::text::timestamptz
    )
    select g.code as programme, h.asset, sum(h.points)::text as points, sum(h.money)::text as minor
    from (
      select l.programme_id, l.asset, l.points, l.money
      from moved m join points_lots l on l.id = m.lot_id where m.kind = 'EARNED'
      union all
      select l.programme_id, l.asset, -p.points, -p.money
      from moved m join points_parts p on p.move_id = m.id join points_lots l on l.id = p.lot_id
    ) h
    left join programmes g on g.id = h.programme_id
    group by g.code, h.asset having sum(h.points) <> 0 or sum(h.money) <> 0
    order by g.code, h.asset`
  return rows.map(({ points, minor, ...row }) => ({ ...row, points: BigInt(points), minor: BigInt(minor) }))
}
