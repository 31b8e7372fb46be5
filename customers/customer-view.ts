import type { Id } from '../kernel/ids.ts'
import type { Granularity } from './granularity.ts'

/** What a partner asks of one customer. */
export type TagRead = {
  readonly subject: string
  readonly purpose: string
  /** `key`, or `key:granularity` to be given it at that granularity or not at all; all that was consented when absent. */
  readonly tags?: readonly string[] | undefined
}

/** Who supplied a value, when it was observed, and how sure the supplier is, in thousandths. */
export type Supply = { readonly supplier: Id<'ptr'>; readonly observedAt: Date; readonly quality: number }

/**
 * A tag in an answer. One without a value has no granularity either: whether it is unknown, was not consented, or has
 * nothing to say looks the same.
 */
export type ViewedTag = {
  readonly key: string
  readonly granularity: Granularity | null
  readonly value: string | null
  /** Absent where the value is the broker's own, or there is none. */
  readonly supply?: Supply
}

/** What a partner may see of a customer under one consent, at the moment the statement ran. */
export type CustomerView = {
  readonly subject: string
  readonly purpose: string
  readonly consentId: Id<'cns'>
  readonly expiresAt: Date
  readonly tags: readonly ViewedTag[]
}
