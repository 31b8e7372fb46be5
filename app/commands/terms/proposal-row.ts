import type { TermsProposal } from '../../../ledger/agreements/terms-proposal.ts'
import type { Row } from '../output.ts'

/** A proposal of terms as one row for people. */
export function proposalRow({ id, version, effectiveFrom, status, hash }: TermsProposal): Row {
  return { id, version, effectiveFrom, status, hash }
}
