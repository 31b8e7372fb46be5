import { z } from 'zod'
import type { CanonicalValue } from '../../kernel/canonical-json.ts'
import type { Id } from '../../kernel/ids.ts'
import type { NewRecord } from '../../records/append-records.ts'
import { idText, timeText, wholeNumber } from '../../records/parse-record-data.ts'
import { AUDIENCES, type Audience, type IncidentScope, MEASURES, type Measure, type Touched } from './incident.ts'

type Scoped = { readonly scope: IncidentScope; readonly touched: Touched }

/** A change of an incident. Its records are for us alone, and name no customer. */
export type IncidentChange =
  | (Scoped & {
      readonly event: 'OPENED'
      readonly title: string
      readonly alert?: Id<'alr'> | undefined
      readonly discoveredAt: Date
    })
  | (Scoped & { readonly event: 'SCOPED' })
  | { readonly event: 'CONTAINING'; readonly measures: readonly Measure[]; readonly reason: string }
  | { readonly event: 'STEP_DONE'; readonly measure: Measure; readonly count: number }
  | {
      readonly event: 'NOTIFIED'
      readonly audience: Audience
      readonly toldAt: Date
      readonly to: string
      readonly reference?: string | undefined
    }
  | { readonly event: 'CLOSED'; readonly report: string; readonly notTold?: string | undefined }

/** The record of a change, the how manyth of its incident. */
export function incidentRecord(incident: Id<'icd'>, change: number, told: IncidentChange): NewRecord {
  return { kind: 'incident', data: { version: '1', incident, change: BigInt(change), ...dataOf(told) } }
}

function dataOf(told: IncidentChange): Record<string, CanonicalValue | undefined> {
  switch (told.event) {
    case 'OPENED': {
      const { scope, touched, discoveredAt, ...rest } = told
      return { ...rest, discoveredAt: discoveredAt.toISOString(), ...scopeData({ scope, touched }) }
    }
    case 'SCOPED':
      return { event: told.event, ...scopeData(told) }
    case 'STEP_DONE':
      return { ...told, count: BigInt(told.count) }
    case 'NOTIFIED':
      return { ...told, toldAt: told.toldAt.toISOString() }
    case 'CONTAINING':
    case 'CLOSED':
      return told
    default:
      return told satisfies never
  }
}

function scopeData({ scope: { from, to, ...named }, touched }: Scoped): Record<string, CanonicalValue> {
  return {
    scope: { ...named, from: from.toISOString(), to: to.toISOString() },
    customers: BigInt(touched.customers),
    disclosures: BigInt(touched.disclosures),
  }
}

const frame = { incident: idText('icd'), change: wholeNumber }
const scoped = {
  ...frame,
  scope: z.object({
    partners: z.array(idText('ptr')),
    clients: z.array(idText('cli')),
    consents: z.array(idText('cns')),
    from: timeText,
    to: timeText,
  }),
  customers: wholeNumber,
  disclosures: wholeNumber,
}

/** What the record of an incident says. */
export const incidentEvent = z.discriminatedUnion('event', [
  z
    .object({
      ...{ event: z.literal('OPENED'), ...scoped },
      ...{ title: z.string(), alert: idText('alr').optional(), discoveredAt: timeText },
    })
    .transform(withTouched),
  z.object({ event: z.literal('SCOPED'), ...scoped }).transform(withTouched),
  z.object({ event: z.literal('CONTAINING'), ...frame, measures: z.array(z.enum(MEASURES)), reason: z.string() }),
  z.object({ event: z.literal('STEP_DONE'), ...frame, measure: z.enum(MEASURES), count: wholeNumber }),
  z.object({
    ...{ event: z.literal('NOTIFIED'), ...frame, audience: z.enum(AUDIENCES), toldAt: timeText },
    ...{ to: z.string(), reference: z.string().optional() },
  }),
  z.object({ event: z.literal('CLOSED'), ...frame, report: z.string(), notTold: z.string().optional() }),
])

function withTouched<T extends Touched>({
  customers,
  disclosures,
  ...rest
}: T): Omit<T, keyof Touched> & {
  readonly touched: Touched
} {
  return { ...rest, touched: { customers, disclosures } }
}
