import type { Actor } from '../../kernel/actor.ts'
import type { Id } from '../../kernel/ids.ts'
import type { IncidentLevel } from './incident-level.ts'

export const INCIDENT_STATUSES = ['OPEN', 'CLOSED'] as const
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number]

export const MEASURES = [
  'SUSPEND_PARTNERS',
  'REVOKE_CLIENTS',
  'ROTATE_KEYS',
  'SUSPEND_CONSENTS',
  'REVOKE_CONSENTS',
] as const
/** What contains an incident, in the order in which it is done. */
export type Measure = (typeof MEASURES)[number]

export const AUDIENCES = ['REGULATOR', 'CUSTOMERS', 'PARTNER'] as const
/** Who is told of an incident. */
export type Audience = (typeof AUDIENCES)[number]

/** Which disclosures an incident touches: of these partners, in this time, by these clients, under these consents. */
export type IncidentScope = {
  /** At least one. */
  readonly partners: readonly Id<'ptr'>[]
  /** All of the partners' when empty. */
  readonly clients: readonly Id<'cli'>[]
  /** All when empty. */
  readonly consents: readonly Id<'cns'>[]
  readonly from: Date
  /** Exclusive. */
  readonly to: Date
}

/** What a scope was found to touch. */
export type Touched = {
  /** Different customers of whom something was given. */
  readonly customers: number
  readonly disclosures: number
}

/** Somebody may have got what was not theirs. */
export type Incident = Touched & {
  readonly id: Id<'icd'>
  readonly title: string
  readonly status: IncidentStatus
  readonly alert: Id<'alr'> | undefined
  readonly openedAt: Date
  readonly openedBy: Actor
  /** When we came to know of it: from here the deadlines run. */
  readonly discoveredAt: Date
  readonly scope: IncidentScope
  readonly level: IncidentLevel
  readonly countedAt: Date
  readonly measures: readonly Measure[]
  /** Those that are still under way. */
  readonly measuresLeft: readonly Measure[]
  readonly contain: { readonly by: Actor; readonly reason: string } | undefined
  readonly containedAt: Date | undefined
  readonly regulatorToldAt: Date | undefined
  readonly customersToldAt: Date | undefined
  readonly closed:
    | { readonly at: Date; readonly by: Actor; readonly report: string; readonly notTold: string | undefined }
    | undefined
  /** How many records tell of it. */
  readonly version: number
}

export const INCIDENT_EVENTS = ['OPENED', 'SCOPED', 'CONTAINING', 'STEP_DONE', 'NOTIFIED', 'CLOSED'] as const

/** What was found, done or told, and when. */
export type IncidentEvent = {
  readonly change: number
  readonly event: (typeof INCIDENT_EVENTS)[number]
  readonly at: Date
  readonly by: Actor
  /** What the record says of it, as JSON. */
  readonly detail: Readonly<Record<string, unknown>>
  readonly record: Id<'rec'>
}
