import { GRANULARITIES, type SharedTag } from '../../customers/granularity.ts'
import type { ConsentOffer } from './consent-offer.ts'

/** What a customer chose to share, until when. */
export type Choice = {
  readonly tags: readonly SharedTag[]
  readonly expiresAt: Date
  /** Whether the partner may join this to what it calls the customer itself. */
  readonly links: boolean
  /** Whether the data may leave the country. */
  readonly crossesBorder: boolean
}

/**
 * Reads what was chosen out of a form; nothing when it is not among what was offered. No tag at all is a choice, too: whoever
 * asked says what to do about it.
 */
export function readChoice(form: URLSearchParams, { tags, ends }: ConsentOffer): Choice | undefined {
  const picked = form.getAll('tag')
  const end = ends.find(({ value }) => value === form.get('until'))
  if (end === undefined || new Set(picked).size < picked.length) return undefined
  const chosen = picked.map((key) => {
    const wanted = GRANULARITIES.find((one) => one === form.get(`granularity.${key}`))
    const offered = tags.find((tag) => tag.key === key)?.choices.find(({ granularity }) => granularity === wanted)
    return offered && { key, granularity: offered.granularity }
  })
  const known = chosen.flatMap((tag) => tag ?? [])
  return known.length < picked.length
    ? undefined
    : {
        tags: known,
        expiresAt: end.at,
        links: form.get('link') === 'yes',
        crossesBorder: form.get('border') === 'yes',
      }
}
