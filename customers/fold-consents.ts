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
 * Folds events into rows. An event waits while what it needs is not there: the purpose and tags of a grant, a free place for
 * one that counts, the consent that ends. A grant whose end is known is added as it ended and needs no place: of two grants
 * for one place at once, the log may have the later one first, and with it the end of the earlier one.
 */
export function foldConsents(events: readonly ConsentEvent[], standing: Standing): Folded {
  const counting = standing.consents.filter(({ status }) => status === 'AUTHORISED')
  const places = new Map(counting.map((consent) => [placeKey(consent), consent.id]))
  const known = new Set(standing.consents.map(({ id }) => id))
  const ends = new Map<Id<'cns'>, ConsentEnd>()
  for (const event of events) {
    if (!('ended' in event) || known.has(event.ended.id) || ends.has(event.ended.id)) continue
    ends.set(event.ended.id, event.ended)
  }
  const added: KeptConsent[] = []
  const ended: ConsentEnd[] = []
  const waiting: number[] = []
  events.forEach((event, index) => {
    if ('granted' in event) {
      const { granted } = event
      const end = ends.get(granted.id)
      if (!isDefined(granted, standing) || (end === undefined && places.has(placeKey(granted)))) waiting.push(index)
      else if (end === undefined) {
        added.push(granted)
        places.set(placeKey(granted), granted.id)
      } else added.push(endedRow(granted, end))
    } else if (places.get(placeKey(event.ended.place)) === event.ended.id && known.has(event.ended.id)) {
      const { place, ...end } = event.ended
      ended.push(end)
      places.delete(placeKey(place))
    } else waiting.push(index)
  })
  const done = new Set(added.filter(({ status }) => status !== 'AUTHORISED').map(({ record }) => record))
  return { added, ended, waiting: waiting.filter((index) => !isDone(events[index], done)) }
}

/** Whether it is the end with which a consent was added. */
function isDone(event: ConsentEvent | undefined, done: ReadonlySet<Id<'rec'>>): boolean {
  return event !== undefined && 'ended' in event && done.has(event.ended.record)
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
