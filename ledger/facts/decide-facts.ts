import type { Id, IdPrefix } from '../../kernel/ids.ts'
import { type FactResult, isRefused, type RefusedFact } from './fact-result.ts'

/** What makes two reports the same: the key that their sender gave, and their content. */
export type KeyedFact = { readonly externalId: string; readonly fingerprint: string }

/** Id of a contribution, a revenue event or a lead's binding. */
export type FactId = Id<Extract<IdPrefix, 'ctr' | 'rev' | 'led'>>

/** A fact that is stored already, under its sender's key. */
export type KnownFact = { readonly id: FactId; readonly fingerprint: string }

/** A fact that is to be stored, and the id that it got. */
export type AcceptedFact<Fact> = { readonly id: FactId; readonly fact: Fact }

export type Decision<Fact> = {
  /** One for each part of the batch, in its order. */
  readonly results: readonly FactResult[]
  readonly accepted: readonly AcceptedFact<Fact>[]
}

/** What becomes of a fact whose key is free: a new id, an id of one that says the same, or a refusal. */
export type Admission = { readonly newId: FactId } | { readonly sameAs: FactId } | RefusedFact

/**
 * Decides on the parts of a batch one after the other, exactly as if each had come in a batch of its own: a key that is
 * taken, before or earlier in the batch, answers `replayed` for the same content and refuses another; a refused fact
 * takes no key. `admit` is asked, in order, only about facts whose key is free.
 */
export function decideFacts<Fact extends KeyedFact>(
  parts: readonly (Fact | RefusedFact)[],
  known: ReadonlyMap<string, KnownFact>,
  admit: (fact: Fact) => Admission,
): Decision<Fact> {
  const taken = new Map(known)
  const accepted: AcceptedFact<Fact>[] = []
  const results = parts.map((part): FactResult => {
    if (isRefused(part)) return part
    const holder = taken.get(part.externalId)
    if (holder !== undefined) return answerFor(part, holder)
    const admission = admit(part)
    if (isRefused(admission)) return admission
    if ('sameAs' in admission) return { outcome: 'replayed', externalId: part.externalId, id: admission.sameAs }
    taken.set(part.externalId, { id: admission.newId, fingerprint: part.fingerprint })
    accepted.push({ id: admission.newId, fact: part })
    return { outcome: 'recorded', externalId: part.externalId, id: admission.newId }
  })
  return { results, accepted }
}

function answerFor({ externalId, fingerprint }: KeyedFact, holder: KnownFact): FactResult {
  if (holder.fingerprint === fingerprint) return { outcome: 'replayed', externalId, id: holder.id }
  const message = 'this external id was used for a fact with other content'
  return { outcome: 'refused', externalId, code: 'IDEMPOTENCY_CONFLICT', message, field: 'externalId' }
}
