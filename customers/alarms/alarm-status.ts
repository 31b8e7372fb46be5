import type { Context } from '../../database/context.ts'
import { countOpen } from './store/alerts.ts'

/** How many alerts wait, and for how long the oldest has. */
export type AlarmStatus = { readonly open: number; readonly unassigned: number; readonly oldestSeconds: number }

/** What waits for somebody to look at it. */
export async function alarmStatus({ clock, database: { reads } }: Context): Promise<AlarmStatus> {
  const { oldestAt, ...counts } = await countOpen(reads)
  const oldestSeconds = oldestAt === undefined ? 0 : Math.max(0, (clock.now().getTime() - oldestAt.getTime()) / 1000)
  return { ...counts, oldestSeconds }
}
