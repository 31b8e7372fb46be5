import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { Claim, Round } from './round.ts'
import { selectClaim } from './store/claims.ts'
import { requireRound } from './store/rounds.ts'

/** With a partner, only a claim of that partner is found. */
export type FindClaimInput = { readonly statement: Id<'sta'>; readonly partner?: Id<'ptr'> | undefined }

/** A claim with the round it belongs to. */
export type ClaimInRound = { readonly claim: Claim; readonly round: Round }

/**
 * How a statement is claimed on the chain, once the contract has its money; nothing before that, for a statement that is
 * in no round, and for another partner's.
 */
export async function findClaim(context: Context, input: FindClaimInput): Promise<ClaimInRound | undefined> {
  const claim = await selectClaim(context.database.reads, input)
  if (claim === undefined) return undefined
  const round = await requireRound(context.database.reads, claim.round)
  const onChain = ['FUNDED', 'CLOSED', 'SWEPT'].includes(round.status)
  return onChain ? { claim, round } : undefined
}
