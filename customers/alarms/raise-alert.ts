import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import type { AlarmSettings } from './alarm-settings.ts'
import type { Alert, AlertKind, AlertSpan, LoweredQuota, Measure } from './alert.ts'
import { changeAlert } from './change-alert.ts'
import { LOWERED_FOR, type QuotaPorts, WHOLE_QUOTA } from './quota-ports.ts'
import { holdLast } from './store/alerts.ts'
import { selectReaders } from './store/read-hours.ts'

/** What has grown by half is told anew. */
const GROWN = 1.5
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** For so long the same reads that an alert was closed for open no other. */
const QUIET_MS: Readonly<Record<AlertSpan, number>> = {
  HOUR: DAY_MS,
  DAY: DAY_MS,
  WEEK: 7 * DAY_MS,
  MONTH: 28 * DAY_MS,
}

export type RaiseAlertInput = {
  readonly partner: Id<'ptr'>
  readonly kind: AlertKind
  readonly measure: Measure
  readonly settings: AlarmSettings
  readonly quotas: QuotaPorts
}

/**
 * Opens an alert, or tells anew of the open one when what was measured has grown by half; in the caller's transaction, with
 * its record, and lowers the partner's quota for some time. What somebody has looked at and closed opens no other alert for
 * the length of its span (a day at least), unless it grows by half again. Returns the alert that was opened.
 */
export async function raiseAlert(
  context: Context,
  tx: Transaction,
  { partner, kind, measure, settings, quotas }: RaiseAlertInput,
): Promise<Id<'alr'> | undefined> {
  const last = await holdLast(tx, partner, kind)
  if (last !== undefined && isKnown(last, measure, context.clock.now())) return undefined
  const raises = last?.status === 'OPEN'
  const alert = raises ? last.id : newId('alr')
  const clients = await selectReaders(tx, partner, measure)
  const quota = await lower(context, tx, { partner, alert, settings, quotas })
  const told = { measure, clients, quota }
  if (raises) {
    await changeAlert(context, tx, { alert, change: last.version + 1, told: { event: 'RAISED', ...told } })
    return undefined
  }
  await changeAlert(context, tx, { alert, change: 1, told: { event: 'OPENED', partner, kind, ...told } })
  return alert
}

/** Whether somebody was told of as much: spans may differ, so what counts is how far above the allowed it is. */
function isKnown(last: Alert, { measured, allowed }: Measure, now: Date): boolean {
  const isLongAgo = last.closed !== undefined && now.getTime() > last.closed.at.getTime() + QUIET_MS[last.span]
  return !isLongAgo && measured / allowed < GROWN * (last.measured / last.allowed)
}

type Lowering = Pick<RaiseAlertInput, 'partner' | 'settings' | 'quotas'> & { readonly alert: Id<'alr'> }

async function lower(
  context: Context,
  tx: Transaction,
  { partner, alert, settings: { quotaPermille: permille, quotaHours }, quotas }: Lowering,
): Promise<LoweredQuota | undefined> {
  if (permille >= WHOLE_QUOTA) return undefined
  const until = new Date(context.clock.now().getTime() + quotaHours * HOUR_MS)
  await quotas.lowerQuota(context, tx, { partner, permille, until, reason: `${LOWERED_FOR} (${alert})` })
  return { permille, until }
}
