import { z } from 'zod'
import type { Reader } from '../../database/client.ts'
import { Fault } from '../../kernel/fault.ts'
import { type Id, isId } from '../../kernel/ids.ts'
import { lineOfText, parseWith } from '../../kernel/parse.ts'
import type { Disclosure, DisclosureOutcome } from '../disclosure.ts'
import { selectNamedPartners } from '../incidents/store/touched.ts'

/** A disclosure as compliance sees it, with the batch that proves it. */
export type FoundDisclosure = Disclosure & {
  /** RFC 3339 in UTC, with the database's microseconds. */
  readonly moment: string
  readonly client: Id<'cli'>
  readonly partnerCode: string
  /** Absent where the subject was none of the partner's. */
  readonly accountKey: string | undefined
  readonly subject: string
  readonly request: string
  /** Absent for a moment, until it has entered the log. */
  readonly batch: { readonly number: number; readonly root: string; readonly record: Id<'rec'> } | undefined
}

/** What is looked for; everything that is given must hold. */
export type DisclosureSearch = {
  readonly accountKey: string | undefined
  readonly partner: Id<'ptr'> | undefined
  readonly consent: Id<'cns'> | undefined
  readonly tag: string | undefined
  readonly outcome: DisclosureOutcome | undefined
  readonly from: Date
  /** Exclusive. */
  readonly to: Date
}

/** The same as it comes from outside. */
export type DisclosureSearchInput = {
  readonly customer?: string | null | undefined
  /** Code or id. */
  readonly partner?: string | null | undefined
  readonly consent?: string | null | undefined
  readonly tag?: string | null | undefined
  readonly outcome?: DisclosureOutcome | null | undefined
  readonly from: string | Date
  readonly to: string | Date
}

/** Of nobody in particular, a search reads every row of its span. */
const MOST_DAYS = { anybody: 31, somebody: 3660 } as const
const DAY_MS = 86_400_000

const time = z
  .union(
    [z.iso.datetime({ offset: true }).transform((text) => new Date(text)), z.date()],
    'it is no time: 2026-11-25T09:00:00Z',
  )
  .refine((at) => at.getUTCFullYear() >= 1970 && at.getUTCFullYear() < 10_000, 'it is out of all bounds')
const search = z.object({
  customer: lineOfText(200).nullish(),
  partner: lineOfText(200).nullish(),
  consent: z
    .string()
    .refine((text): text is Id<'cns'> => isId('cns', text), 'it is the id of no consent')
    .nullish(),
  tag: lineOfText(200).nullish(),
  outcome: z.enum(['disclosed', 'nothing']).nullish(),
  from: time,
  to: time,
})

/**
 * Reads a search. A span may be of ten years where a customer, a partner or a consent is named, else of 31 days,
 * or of as many as are given. Throws
 * `INVALID_INPUT`, and `NOT_FOUND` for a partner that there is not.
 */
export async function parseSearch(
  reads: Reader,
  input: DisclosureSearchInput,
  days?: number,
): Promise<DisclosureSearch> {
  const { customer, partner, consent, tag, outcome, from, to } = parseWith(search, input, 'a search of disclosures')
  const isNarrow = (customer ?? partner ?? consent) != null
  const most = days ?? (isNarrow ? MOST_DAYS.somebody : MOST_DAYS.anybody)
  if (from >= to) throw new Fault('INVALID_INPUT', 'to: it is not after from', { field: 'to' })
  if (to.getTime() - from.getTime() > most * DAY_MS) {
    const hint = isNarrow || days !== undefined ? '' : '; name a customer, a partner or a consent for a longer one'
    throw new Fault('INVALID_INPUT', `to: the span is longer than ${most} days${hint}`, { field: 'to' })
  }
  return {
    accountKey: customer ?? undefined,
    partner: partner == null ? undefined : await requirePartner(reads, partner),
    consent: consent ?? undefined,
    tag: tag ?? undefined,
    outcome: outcome ?? undefined,
    from,
    to,
  }
}

async function requirePartner(reads: Reader, named: string): Promise<Id<'ptr'>> {
  const id = (await selectNamedPartners(reads, [named])).get(named)
  if (id === undefined) throw new Fault('NOT_FOUND', 'there is no such partner', { field: 'partner' })
  return id
}
