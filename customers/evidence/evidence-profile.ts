import { createHmac } from 'node:crypto'
import type { FoundDisclosure } from '../found/disclosure-search.ts'
import { writeSharedTag } from '../granularity.ts'
import type { Decision, EvidenceConsent, EvidenceException } from './store/evidence-rows.ts'

/** For whom a pack is made: docs/compliance-guide.md says in a table what each sees. */
export const EVIDENCE_PROFILES = ['regulator', 'partner', 'auditor'] as const
export type EvidenceProfile = (typeof EVIDENCE_PROFILES)[number]

/** What a line of a pack holds. */
export type Line = Readonly<Record<string, unknown>>

/** How things are written for a recipient. */
export type Mask = {
  readonly consent: (consent: EvidenceConsent) => Line
  readonly disclosure: (disclosure: FoundDisclosure) => Line
  readonly decision: (decision: Decision) => Line
  readonly exception: (exception: EvidenceException) => Line
  readonly customer: (accountKey: string | undefined) => string | undefined
}

/** Members of a decision that name no person and hold no free text. */
const PLAIN = [
  'partner',
  'code',
  'client',
  'status',
  'event',
  'kind',
  'key',
  'permille',
  'until',
  'alert',
  'incident',
  'level',
]
const PLAIN_MEMBERS = new Set([
  ...PLAIN,
  'resolution',
  'measured',
  'expected',
  'allowed',
  'change',
  'measures',
  'measure',
])

/**
 * Writes for a recipient. A regulator sees account keys, and who of the staff decided what and why. An auditor gets pseudonyms
 * in place of account keys, under a key that is made for one pack and forgotten, and neither names nor reasons. A partner
 * gets its own subjects, and no account key at all.
 */
export function maskFor(profile: EvidenceProfile, key: Buffer): Mask {
  const customer = (accountKey: string | undefined): string | undefined => {
    if (accountKey === undefined || profile === 'partner') return undefined
    if (profile === 'regulator') return accountKey
    return `customer-${createHmac('sha256', key).update(accountKey).digest('hex').slice(0, 32)}`
  }
  return {
    customer,
    consent: ({ accountKey, ...consent }) => ({ ...consent, customer: customer(accountKey) }),
    disclosure: ({ id, moment, partnerCode, client, accountKey, subject, purpose, ...rest }) => ({
      ...{ id, at: moment, partner: partnerCode, client, customer: customer(accountKey), subject, purpose },
      consent: rest.consentId,
      tags: rest.tags.map(writeSharedTag),
      outcome: rest.outcome,
      request: rest.request,
      batch: rest.batch,
    }),
    exception: ({ accountKey, ...exception }) => ({ ...exception, customer: customer(accountKey) }),
    decision: ({ actor, data, ...decision }) =>
      profile === 'regulator'
        ? { ...decision, by: actor, says: data }
        : {
            ...decision,
            by: actor.slice(0, actor.indexOf(':')),
            says: Object.fromEntries(Object.entries(data).filter(([name]) => PLAIN_MEMBERS.has(name))),
          },
  }
}
