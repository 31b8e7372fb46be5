import { canonicalJson } from '../../kernel/canonical-json.ts'
import { sha256Hex } from '../../kernel/digest.ts'
import type { Id } from '../../kernel/ids.ts'
import type { DataScope } from './data-scope.ts'

/** `PROPOSED` to the partner, then an agreement (`ACTIVATED`) or `WITHDRAWN` for good. */
export const AGREEMENT_PROPOSAL_STATUSES = ['PROPOSED', 'ACTIVATED', 'WITHDRAWN'] as const
export type AgreementProposalStatus = (typeof AGREEMENT_PROPOSAL_STATUSES)[number]

/** A membership that the broker offers to a partner. */
export type AgreementProposal = {
  readonly id: Id<'apr'>
  readonly programme: Id<'prg'>
  readonly partner: Id<'ptr'>
  readonly startsAt: Date
  readonly endsAt: Date | undefined
  /** Canonical JSON of what is signed, and its SHA-256. */
  readonly body: string
  readonly hash: string
  readonly status: AgreementProposalStatus
  /** What it became. */
  readonly agreement: Id<'agr'> | undefined
  /** The client that signed. */
  readonly client: Id<'cli'> | undefined
  /** Why it was withdrawn. */
  readonly reason: string | undefined
  readonly proposedAt: Date
  readonly changedAt: Date
  readonly record: Id<'rec'>
}

/** What a partner agrees to by its signature. */
export type Offer = {
  readonly programmeCode: string
  readonly partnerCode: string
  readonly startsAt: Date
  readonly endsAt: Date | undefined
  /** The terms that are in force when it begins; none where none are published for that time yet. */
  readonly terms: { readonly version: number; readonly hash: string } | undefined
  /** Which data it is about; none where it says nothing of data. */
  readonly dataScope: DataScope | undefined
}

/** What is signed, as canonical JSON (RFC 8785, integers as text, times in UTC), with its SHA-256. */
export function offerContent(offer: Offer): { readonly body: string; readonly hash: string } {
  const { programmeCode: programme, partnerCode: partner, startsAt, endsAt, terms, dataScope } = offer
  const body = canonicalJson({
    programme,
    partner,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt?.toISOString(),
    terms: terms && { version: BigInt(terms.version), hash: terms.hash },
    dataScope,
  })
  return { body, hash: sha256Hex(body) }
}
