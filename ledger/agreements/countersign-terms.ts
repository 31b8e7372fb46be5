import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { refuseOtherHash } from './refuse-other-hash.ts'
import { type SignatureInput, type Signing, signOnce } from './sign-once.ts'
import { signProposal } from './sign-proposal.ts'
import { holdTermsProposal, noTermsProposal, selectTermsProposal } from './store/terms-proposals.ts'
import { selectSignatory, selectSignatures } from './store/terms-signatures.ts'
import type { TermsProposal } from './terms-proposal.ts'

/**
 * Signs proposed terms for the partner that calls, by their hash. Signing again changes nothing. Throws `FORBIDDEN` for a
 * client without `agreements:sign` and for a partner that may not act now, `HASH_MISMATCH` when the content is another
 * one, `WRONG_STATE` for what was withdrawn or is in force, `IDEMPOTENCY_CONFLICT`, and `NOT_FOUND` for what does not
 * exist, was not proposed, or would not govern this partner: all three look the same. Source: ADR 0016, invariant 11.
 */
export async function countersignTerms(context: Context, input: SignatureInput): Promise<TermsProposal> {
  const id = await signOnce(context, { what: 'terms.countersign', input }, (tx, signing) => sign(context, tx, signing))
  const signed = await selectTermsProposal(context.database.reads, id)
  invariant(signed, 'terms that were signed are there')
  return signed
}

async function sign(
  context: Context,
  tx: Transaction,
  { caller: { partner, client }, proposal: named, hash }: Signing,
): Promise<Id<'tpr'>> {
  const known = await holdTermsProposal(tx, named, partner)
  const [signed] = await selectSignatures(tx, [known.id], partner)
  const signatory = await selectSignatory(tx, known, partner)
  // its agreement may have been ended since the statement before
  if (signed === undefined && signatory === undefined) throw noTermsProposal()
  if (signatory?.acts === false) throw new Fault('FORBIDDEN', 'in its status this partner does not sign')
  refuseOtherHash(known, hash)
  if (signed !== undefined) return known.id
  if (known.status !== 'PROPOSED') {
    throw new Fault('WRONG_STATE', `${known.id} is ${known.status}: it cannot be signed any more`, {
      field: 'proposal',
    })
  }
  invariant(signatory, 'whoever has not signed has an agreement')
  await signProposal(context, tx, {
    ...{ proposal: known.id, partner, agreement: signatory.agreement, hash },
    ...{ client, document: undefined },
  })
  return known.id
}
