import type { Id } from '../../kernel/ids.ts'

/**
 * What a capability is about: tags of a category, products of a category, a scope of the partner's graph, or how much the
 * partner may ask.
 */
export const CAPABILITY_KINDS = ['TAGS', 'PRODUCTS', 'GRAPH', 'QUOTA'] as const
export type CapabilityKind = (typeof CAPABILITY_KINDS)[number]

/** Only what is `ACTIVE` may be used; `PENDING` waits for something that is due, `RESTRICTED` is refused. */
export const CAPABILITY_STATUSES = ['ACTIVE', 'PENDING', 'RESTRICTED'] as const
export type CapabilityStatus = (typeof CAPABILITY_STATUSES)[number]

/** The two parts of a quota: what was granted, and what an alarm or a person has lowered it to meanwhile. */
export const QUOTA_KEYS = ['granted', 'lowered'] as const

/** The key under which the default of a kind is told. */
export const ANY_KEY = '*'

/** What is said of a partner, as it was last said. */
export type Capability = {
  readonly partner: Id<'ptr'>
  readonly kind: CapabilityKind
  readonly key: string
  readonly status: CapabilityStatus
  /** What the partner has to do first: of what is `PENDING` alone. */
  readonly due: string | undefined
  /** Permission and what is pending end then; a restriction is lifted then. */
  readonly until: Date | undefined
  readonly reason: string
  /** Of the ordinary quota: of the kind `QUOTA` alone. */
  readonly permille: number | undefined
  /** 1 for the first. */
  readonly version: number
  readonly changedAt: Date
  readonly record: Id<'rec'>
}

/** What counts now; a default has the key `*` and was never said. */
export type CapabilityNow = Pick<Capability, 'kind' | 'key' | 'status' | 'due' | 'until' | 'permille'> & {
  readonly reason: string | undefined
  readonly changedAt: Date | undefined
  readonly record: Id<'rec'> | undefined
}
