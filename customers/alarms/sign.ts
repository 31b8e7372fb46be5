import type { AlarmSettings } from './alarm-settings.ts'
import type { AlertKind, AlertSpan } from './alert.ts'
import type { Outlook } from './hour-of-reads.ts'

/** What was counted in a span that ends with the hour that is looked at. */
export type Sign = {
  readonly kind: AlertKind
  readonly span: AlertSpan
  readonly measured: number
  readonly expected: number
  readonly allowed: number
}

/** How one kind of alarm looks. */
export type Alarm = (outlook: Outlook, settings: AlarmSettings) => readonly Sign[]
