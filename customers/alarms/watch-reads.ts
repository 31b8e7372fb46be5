import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import type { AlarmSettings } from './alarm-settings.ts'
import type { AlertKind, AlertSpan, Measure } from './alert.ts'
import { DAYS_BACK, type HourOfReads } from './hour-of-reads.ts'
import type { QuotaPorts } from './quota-ports.ts'
import { raiseAlert } from './raise-alert.ts'
import type { Sign } from './sign.ts'
import { signsAt } from './signs-at.ts'
import { type CountedHour, countReads, takeWatchTurn } from './store/count-reads.ts'
import { selectHours } from './store/read-hours.ts'

/** The most disclosures that one turn counts. */
export const FULL_WATCH = 5000
const HOUR_MS = 3_600_000
const SPAN_HOURS: Readonly<Record<AlertSpan, number>> = { HOUR: 1, DAY: 24, WEEK: 7 * 24, MONTH: 28 * 24 }

export type WatchReadsInput = { readonly settings: AlarmSettings; readonly quotas: QuotaPorts }

type Opened = { readonly alert: Id<'alr'>; readonly partner: Id<'ptr'>; readonly kind: AlertKind }

/**
 * One turn of the alarms: counts the next disclosures in the order of commits, and opens alerts for what is odd about them,
 * all in one transaction: nothing is counted without being looked at. Returns how many were counted. Any process may call it
 * at any time: one has the turn. Disclosures that are older than two days when they are counted become the past alone.
 * Throws `WRONG_STATE` when the database came from another server's dump, where transactions are counted anew.
 */
export async function watchReads(context: Context, { settings, quotas }: WatchReadsInput): Promise<number> {
  const { count, opened } = await context.database.transaction(async (tx) => {
    const turn = await takeWatchTurn(tx)
    if (turn.foreign) throw new Fault('WRONG_STATE', 'the disclosures were counted by another server')
    if (!turn.taken) return { count: 0, opened: [] }
    const counted = await countReads(tx, { limit: FULL_WATCH, timeZone: settings.timeZone })
    return { count: counted.count, opened: await lookAt(context, tx, counted.hours, { settings, quotas }) }
  })
  for (const told of opened) context.log.warn(told, 'a partner reads otherwise than it does: an alert was opened')
  return count
}

async function lookAt(
  context: Context,
  tx: Transaction,
  counted: readonly CountedHour[],
  { settings, quotas }: WatchReadsInput,
): Promise<readonly Opened[]> {
  const opened: Opened[] = []
  for (const [partner, moments] of Map.groupBy(counted, (each) => each.partner)) {
    const until = moments.at(-1)?.hour ?? new Date(0)
    const hours = await selectHours(tx, partner, { until, days: DAYS_BACK + 2, timeZone: settings.timeZone })
    for (const { kind, ...measure } of worstOf(hours, moments, settings)) {
      const alert = await raiseAlert(context, tx, { partner, kind, measure, settings, quotas })
      if (alert !== undefined) opened.push({ alert, partner, kind })
    }
  }
  return opened
}

/** The worst sign of each kind at any of the moments. */
function worstOf(
  hours: readonly HourOfReads[],
  moments: readonly CountedHour[],
  settings: AlarmSettings,
): Iterable<Measure & Pick<Sign, 'kind'>> {
  const worst = new Map<AlertKind, Measure & Pick<Sign, 'kind'>>()
  for (const { hour } of moments) {
    const to = new Date(hour.getTime() + HOUR_MS)
    const known = hours.filter((each) => each.hour * HOUR_MS <= hour.getTime())
    for (const sign of signsAt(known, settings)) {
      const so = worst.get(sign.kind)
      if (so !== undefined && so.measured / so.allowed >= sign.measured / sign.allowed) continue
      worst.set(sign.kind, { ...sign, from: new Date(to.getTime() - SPAN_HOURS[sign.span] * HOUR_MS), to })
    }
  }
  return worst.values()
}
