import type { Id } from '../kernel/ids.ts'
import type { ConsentStatus } from './consent.ts'
import type { ConsentEnd, ConsentPlace, KeptConsent } from './store/consents.ts'

/** A consent that was given, or one that ended, as its record tells. */
export type ConsentEvent =
  | { readonly granted: KeptConsent }
  | { readonly ended: ConsentEnd & { readonly place: ConsentPlace } }

/** What is in the tables already, as far as the events touch it. */
export type Standing = {
  readonly consents: readonly (ConsentPlace & { readonly id: Id<'cns'>; readonly status: ConsentStatus })[]
  readonly purposes: ReadonlySet<string>
  readonly tags: ReadonlySet<string>
}

/** What becomes of events: rows to add, rows to end, and which events must wait for another (by their index). */
export type Folded = {
  readonly added: readonly KeptConsent[]
  readonly ended: readonly ConsentEnd[]
  readonly waiting: readonly number[]
}

/**
 * Folds events into rows. Given and ended among the same events, a consent is added as it ended. An event waits while what
 * it needs is not there: the purpose and tags of a grant, a free place for it, or the consent that ends.
 */
export function foldConsents(events: readonly ConsentEvent[], standing: Standing): Folded {
  const added = new Map<Id<'cns'>, KeptConsent>()
  const ended = new Map<Id<'cns'>, ConsentEnd>()
  const waiting: number[] = []
  const counting = new Set<Id<'cns'>>()
  const taken = new Set<string>()
  for (const consent of standing.consents) {
    if (consent.status !== 'AUTHORISED') continue
    counting.add(consent.id)
    taken.add(placeKey(consent))
  }
  events.forEach((event, index) => {
    if ('granted' in event) {
      const { granted } = event
      if (!isDefined(granted, standing) || taken.has(placeKey(granted))) waiting.push(index)
      else {
        added.set(granted.id, granted)
        counting.add(granted.id)
        taken.add(placeKey(granted))
      }
    } else if (counting.delete(event.ended.id)) {
      const { place, ...end } = event.ended
      const own = added.get(end.id)
      if (own) added.set(end.id, endedRow(own, end))
      else ended.set(end.id, end)
      taken.delete(placeKey(place))
    } else waiting.push(index)
  })
  return { added: [...added.values()], ended: [...ended.values()], waiting }
}

function isDefined({ purpose, tags }: KeptConsent, standing: Standing): boolean {
  return standing.purposes.has(purpose) && tags.every(({ key }) => standing.tags.has(key))
}

function endedRow(consent: KeptConsent, { status, at, record }: ConsentEnd): KeptConsent {
  const endedAt = at < consent.expiresAt ? at : consent.expiresAt
  return { ...consent, status, endedAt, version: consent.version + 1, record }
}

function placeKey({ customer, partner, purpose }: ConsentPlace): string {
  return `${customer}/${partner}/${purpose}`
}
