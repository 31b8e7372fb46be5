import type { Context } from '../database/context.ts'
import type { Id } from '../kernel/ids.ts'
import type { NewRecord } from '../records/append-records.ts'
import type { ConsentStatus, Evidence } from './consent.ts'
import { type SharedTag, writeSharedTag } from './granularity.ts'

export type ConsentChange = {
  readonly consent: Id<'cns'>
  readonly customer: Id<'cus'>
  readonly partner: Id<'ptr'>
  readonly purpose: string
  readonly status: ConsentStatus
  readonly granted?: {
    readonly tags: readonly SharedTag[]
    readonly expiresAt: Date
    readonly evidence: Evidence
  }
}

/** What a change of a consent is in the log. The partner may have it, so it names the customer as ciphertext only. */
export function consentRecord({ consent, customer, partner, purpose, status, granted }: ConsentChange): NewRecord {
  const details = granted && {
    tags: granted.tags.map(writeSharedTag),
    expires: granted.expiresAt.toISOString(),
    evidence: granted.evidence,
  }
  return {
    kind: 'consent',
    data: { consent, partner, purpose, status, ...details },
    personal: { customer, data: { customer } },
    partner,
  }
}

/**
 * The context in which such records are appended: the actor of a record that a partner may have is whoever gave this
 * consent. By a name that other records share two partners could join what they know, and a pseudonym would stay in the log
 * when the customer is erased.
 */
export function asGiver(context: Context, consent: Id<'cns'>): Context {
  return { ...context, actor: `customer:${consent}` }
}
