import { z } from 'zod'
import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText, timeText, wholeNumber } from '../../records/parse-record-data.ts'
import { ALERT_KINDS, ALERT_RESOLUTIONS, ALERT_SPANS, type Alert, type LoweredQuota, type Measure } from './alert.ts'

/** What is told when an alert opens, and again when it has grown. */
export type Told = { readonly measure: Measure; readonly clients: readonly Id<'cli'>[] } & {
  readonly quota: LoweredQuota | undefined
}

/** A change of an alert. Its records are for us alone: the partner is not told that it is looked at. */
export type AlertChange =
  | (Told & { readonly event: 'OPENED'; readonly partner: Id<'ptr'>; readonly kind: Alert['kind'] })
  | (Told & { readonly event: 'RAISED' })
  | { readonly event: 'ASSIGNED'; readonly to: Actor }
  | { readonly event: 'CLOSED'; readonly resolution: (typeof ALERT_RESOLUTIONS)[number]; readonly reason: string }

/** The record of a change, the how manyth of its alert. */
export function alertRecord(alert: Id<'alr'>, change: number, { event, ...told }: AlertChange): NewRecord {
  const frame = { version: '1', event, alert, change: BigInt(change) }
  if (!('measure' in told)) return { kind: 'alert', data: { ...frame, ...told } }
  const { measure, quota, ...rest } = told
  const { span, from, to, measured, expected, allowed } = measure
  return {
    kind: 'alert',
    data: {
      ...frame,
      ...rest,
      ...{ span, from: from.toISOString(), to: to.toISOString() },
      ...{ measured: BigInt(measured), expected: BigInt(expected), allowed: BigInt(allowed) },
      ...(quota && { quotaPermille: BigInt(quota.permille), quotaUntil: quota.until.toISOString() }),
    },
  }
}

const frame = { alert: idText('alr'), change: wholeNumber }
const told = {
  ...frame,
  span: z.enum(ALERT_SPANS),
  from: timeText,
  to: timeText,
  measured: wholeNumber,
  expected: wholeNumber,
  allowed: wholeNumber,
  clients: z.array(idText('cli')),
  quotaPermille: wholeNumber.optional(),
  quotaUntil: timeText.optional(),
}
const staff = z.templateLiteral(['staff:', z.string()])

/** What the record of an alert says. */
export const alertEvent = z.discriminatedUnion('event', [
  z
    .object({ event: z.literal('OPENED'), ...told, partner: idText('ptr'), kind: z.enum(ALERT_KINDS) })
    .transform(asTold),
  z.object({ event: z.literal('RAISED'), ...told }).transform(asTold),
  z.object({ event: z.literal('ASSIGNED'), ...frame, to: staff }),
  z.object({ event: z.literal('CLOSED'), ...frame, resolution: z.enum(ALERT_RESOLUTIONS), reason: z.string() }),
])

type RawTold = z.output<z.ZodObject<typeof told>>

function asTold<T extends RawTold>(raw: T): Omit<T, keyof Measure | 'quotaPermille' | 'quotaUntil'> & Told {
  const { span, from, to, measured, expected, allowed, quotaPermille: permille, quotaUntil: until, ...rest } = raw
  const quota = permille === undefined || until === undefined ? undefined : { permille, until }
  return { ...rest, measure: { span, from, to, measured, expected, allowed }, quota }
}
