import type { Id } from '../../kernel/ids.ts'
import type { AppendedRecord } from '../../records/append-records.ts'

/** `DRAFT` for the broker's eyes, `PROPOSED` to members, then in force (`ACTIVATED`) or `WITHDRAWN` for good. */
export const TERMS_PROPOSAL_STATUSES = ['DRAFT', 'PROPOSED', 'ACTIVATED', 'WITHDRAWN'] as const
export type TermsProposalStatus = (typeof TERMS_PROPOSAL_STATUSES)[number]

/** What members sign: canonical JSON of terms, and its SHA-256. */
export type TermsContent = {
  readonly version: number
  readonly effectiveFrom: Date
  readonly body: string
  readonly hash: string
}

/** A version of a programme's terms on its way into force. */
export type TermsProposal = TermsContent & {
  readonly id: Id<'tpr'>
  readonly programme: Id<'prg'>
  readonly status: TermsProposalStatus
  /** How much has happened to it, from 1. */
  readonly step: number
  /** The version that it became. */
  readonly terms: Id<'trm'> | undefined
  /** Why it was withdrawn; members read it. */
  readonly reason: string | undefined
  readonly draftedAt: Date
  readonly proposedAt: Date | undefined
  /** The how-manieth it is that was put to the members of its programme, from 1. */
  readonly round: number | undefined
  /** Of its last step, as is the record. */
  readonly changedAt: Date
  readonly record: Id<'rec'>
}

/** What is not yet known of a proposal while it is a draft. */
export const NEW_DRAFT = {
  status: 'DRAFT',
  terms: undefined,
  reason: undefined,
  proposedAt: undefined,
  round: undefined,
} as const satisfies Partial<TermsProposal>

/** What happens to a proposal after it was drafted. */
export type TermsStep =
  | { readonly event: 'DRAFTED'; readonly content: TermsContent }
  | { readonly event: 'PROPOSED'; readonly round: number }
  | { readonly event: 'ACTIVATED'; readonly terms: Id<'trm'> }
  | { readonly event: 'WITHDRAWN'; readonly reason: string }

/** The proposal after a step, which its record tells of. */
export function afterStep(proposal: TermsProposal, step: TermsStep, { id, at }: AppendedRecord): TermsProposal {
  const next = { ...proposal, step: proposal.step + 1, changedAt: at, record: id }
  switch (step.event) {
    case 'DRAFTED':
      return { ...next, ...step.content }
    case 'PROPOSED':
      return { ...next, status: 'PROPOSED', proposedAt: at, round: step.round }
    case 'ACTIVATED':
      return { ...next, status: 'ACTIVATED', terms: step.terms }
    case 'WITHDRAWN':
      return { ...next, status: 'WITHDRAWN', reason: step.reason }
    default:
      return step satisfies never
  }
}
