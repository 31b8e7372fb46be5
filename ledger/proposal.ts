import type { Actor } from '../kernel/actor.ts'

export const PROPOSAL_STATUSES = ['PROPOSED', 'APPROVED', 'REJECTED'] as const
export type ProposalStatus = (typeof PROPOSAL_STATUSES)[number]

/** What one person proposed, and what another one made of it. */
export type Proposal = {
  readonly status: ProposalStatus
  readonly proposedBy: Actor
  readonly proposedAt: Date
  readonly decidedBy: Actor | undefined
  readonly decidedAt: Date | undefined
  /** Why it was rejected. */
  readonly decisionReason: string | undefined
}
