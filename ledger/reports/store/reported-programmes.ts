import type { Reader } from '../../../database/client.ts'
import type { Month } from '../../../kernel/month.ts'

/** A programme, and how far its months are locked. */
export type ReportedProgramme = {
  readonly programme: string
  readonly timeZone: string
  /** Its last locked month. */
  readonly lockedUntil: Month | undefined
}

export async function selectReported(sql: Reader): Promise<readonly ReportedProgramme[]> {
  const rows = await sql<{ programme: string; time_zone: string; locked_until: Month | null }[]>`
    select g.code as programme, g.time_zone, (
      select max(p.month) from periods p where p.programme_id = g.id and p.locked_at is not null
    ) as locked_until
    from programmes g order by g.code`
  return rows.map(({ programme, time_zone: timeZone, locked_until }) => ({
    programme,
    timeZone,
    lockedUntil: locked_until ?? undefined,
  }))
}
