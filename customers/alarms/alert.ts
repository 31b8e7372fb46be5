import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'

export const ALERT_KINDS = ['BULK_EXPORT', 'SLOW_SCRAPING', 'UNUSUAL_HOURS', 'MANY_MISSES'] as const
/** What is odd about how a partner reads; docs/incidents.md says each. */
export type AlertKind = (typeof ALERT_KINDS)[number]

export const ALERT_SPANS = ['HOUR', 'DAY', 'WEEK', 'MONTH'] as const
/** Over how long was counted; a month is four weeks. */
export type AlertSpan = (typeof ALERT_SPANS)[number]

export const ALERT_STATUSES = ['OPEN', 'CLOSED'] as const
export type AlertStatus = (typeof ALERT_STATUSES)[number]

export const ALERT_RESOLUTIONS = ['FALSE_ALARM', 'EXPLAINED', 'INCIDENT'] as const
/** What an alert turned out to be. */
export type Resolution = (typeof ALERT_RESOLUTIONS)[number]

/** What was counted, against what the partner's own past lets expect. Customers, or reads for `MANY_MISSES`. */
export type Measure = {
  readonly span: AlertSpan
  readonly from: Date
  /** Exclusive. */
  readonly to: Date
  readonly measured: number
  readonly expected: number
  /** Above this it is odd. */
  readonly allowed: number
}

/** To how much of itself a partner's quota was lowered, until when. */
export type LoweredQuota = { readonly permille: number; readonly until: Date }

/** A partner reads otherwise than it does, and somebody should look. */
export type Alert = Measure & {
  readonly id: Id<'alr'>
  readonly partner: Id<'ptr'>
  readonly kind: AlertKind
  readonly status: AlertStatus
  readonly openedAt: Date
  /** Those that read in the span. */
  readonly clients: readonly Id<'cli'>[]
  /** When the measure was told last; it is told anew when it has grown by half. */
  readonly raisedAt: Date
  readonly quota: LoweredQuota | undefined
  readonly assignee: Actor | undefined
  readonly closed:
    | { readonly at: Date; readonly by: Actor; readonly resolution: Resolution; readonly reason: string }
    | undefined
  /** How many records tell of it. */
  readonly version: number
}
