import type { Id } from '../kernel/ids.ts'
import { holdsPlace } from './consent-moves.ts'
import type { ConsentPlace, ConsentState, KeptConsent, KeptEvent, StandingConsent } from './store/write-consents.ts'

/** A step of a consent, as its record tells; the step that gave it has the whole consent. */
export type ConsentEvent = {
  readonly step: KeptEvent & Pick<ConsentState, 'status'>
  readonly place: ConsentPlace
  /** When it stopped to count, where the record says another time than its own. */
  readonly endedAt?: Date | undefined
  readonly given?: KeptConsent
}

/** What is in the tables already, as far as the events touch it. */
export type Standing = {
  readonly consents: readonly StandingConsent[]
  readonly purposes: ReadonlySet<string>
  readonly tags: ReadonlySet<string>
}

/** What becomes of events: rows to add, rows to change, and which events must wait for another (by their index). */
export type Folded = {
  readonly added: readonly KeptConsent[]
  readonly changed: readonly (ConsentState & { readonly id: Id<'cns'> })[]
  readonly steps: readonly KeptEvent[]
  readonly waiting: readonly number[]
}

/**
 * Folds events into rows. Each consent takes its steps in the order of their numbers, as far as they are here without a gap.
 * A step waits for the one before, and one that gives a consent for its purpose, its tags, and a free place, unless that
 * consent has lost its place again: of two consents for one place at once, the log may have the later one first, and with it
 * the end of the earlier one.
 */
export function foldConsents(events: readonly ConsentEvent[], standing: Standing): Folded {
  const places = new Map(standing.consents.filter(isInPlace).map((consent) => [placeKey(consent), consent.id]))
  const known = new Map(standing.consents.map((consent) => [consent.id, consent]))
  const lives = livesOf(events)
  const applied = new Set<ConsentEvent>()
  const changed: (ConsentState & { readonly id: Id<'cns'> })[] = []
  for (const [id, life] of lives) {
    const row = known.get(id)
    const steps = row ? followingOf(life, row.version) : []
    const last = steps.at(-1)
    if (!row || !last) continue
    changed.push({ ...stateAfter(last), id })
    if (!holdsPlace(last.step.status)) places.delete(placeKey(row))
    for (const each of steps) applied.add(each)
  }
  const added: KeptConsent[] = []
  for (const { given, consent, steps } of newOnes(lives, known, standing)) {
    const key = placeKey(given)
    if (holdsPlace(consent.status)) {
      if (places.has(key)) continue
      places.set(key, consent.id)
    }
    added.push(consent)
    for (const each of steps) applied.add(each)
  }
  const steps = events.filter((event) => applied.has(event)).map(({ step }) => step)
  return { added, changed, steps, waiting: events.flatMap((event, index) => (applied.has(event) ? [] : [index])) }
}

type Life = ReadonlyMap<number, ConsentEvent>

function livesOf(events: readonly ConsentEvent[]): ReadonlyMap<Id<'cns'>, Life> {
  const lives = new Map<Id<'cns'>, Map<number, ConsentEvent>>()
  for (const event of events) {
    const { consent, change } = event.step
    const life = lives.get(consent) ?? new Map<number, ConsentEvent>()
    lives.set(consent, life)
    if (!life.has(change)) life.set(change, event)
  }
  return lives
}

/** The steps behind a number, without a gap. */
function followingOf(life: Life, change: number): readonly ConsentEvent[] {
  const steps: ConsentEvent[] = []
  for (let next = life.get(change + 1); next; next = life.get(next.step.change + 1)) steps.push(next)
  return steps
}

type NewOne = { readonly given: KeptConsent; readonly consent: KeptConsent; readonly steps: readonly ConsentEvent[] }

/** Consents that are given here, as far as their steps are known; those that hold no place any more come first. */
function newOnes(
  lives: ReadonlyMap<Id<'cns'>, Life>,
  known: ReadonlyMap<Id<'cns'>, StandingConsent>,
  standing: Standing,
): readonly NewOne[] {
  const found = [...lives].flatMap(([id, life]): readonly NewOne[] => {
    const giving = [...life.values()].find(({ given }) => given)
    if (known.has(id) || !giving?.given || !isDefined(giving.given, standing)) return []
    const { given } = giving
    const following = followingOf(life, giving.step.change)
    const last = following.at(-1)
    return [{ given, consent: last ? { ...given, ...endedInTime(given, last) } : given, steps: [giving, ...following] }]
  })
  return found.toSorted((a, b) => Number(holdsPlace(a.consent.status)) - Number(holdsPlace(b.consent.status)))
}

function endedInTime({ expiresAt }: KeptConsent, last: ConsentEvent): ConsentState {
  const state = stateAfter(last)
  return state.endedAt && state.endedAt > expiresAt ? { ...state, endedAt: expiresAt } : state
}

function stateAfter({ step: { status, change, by, at, record }, endedAt }: ConsentEvent): ConsentState {
  const suspendedBy = status === 'SUSPENDED' ? by : undefined
  return { status, suspendedBy, version: change, record, endedAt: holdsPlace(status) ? undefined : (endedAt ?? at) }
}

function isInPlace({ status }: StandingConsent): boolean {
  return holdsPlace(status)
}

function isDefined({ purpose, tags }: KeptConsent, standing: Standing): boolean {
  return standing.purposes.has(purpose) && tags.every(({ key }) => standing.tags.has(key))
}

function placeKey({ customer, partner, purpose }: ConsentPlace): string {
  return `${customer}/${partner}/${purpose}`
}
