import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import type { Id } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { type AgreementProposal, offerContent } from './agreement-proposal.ts'
import { appendAgreement } from './append-agreement.ts'
import { concludeProposal } from './conclude-proposal.ts'
import { dataScopeIn } from './data-scope.ts'
import { refuseOtherHash } from './refuse-other-hash.ts'
import { type SignatureInput, type Signing, signOnce } from './sign-once.ts'
import { holdAgreementProposal, selectAgreementProposal } from './store/agreement-proposals.ts'
import { selectActing } from './store/agreements.ts'
import { requireProgramme } from './store/programmes.ts'
import { lockTermsOf, selectTermsAt } from './store/terms.ts'

/**
 * Signs an offered membership for the partner that calls, by its hash: it is an agreement from then on. Signing again changes
 * nothing. Throws `FORBIDDEN` for a client without `agreements:sign` and for a partner that may not act now,
 * `HASH_MISMATCH` when another content is meant, `WRONG_STATE` for what was withdrawn, and when other terms would be in
 * force at its start than those that it names, `OVERLAP`, `IDEMPOTENCY_CONFLICT`, and `NOT_FOUND`, also for another
 * partner's. Source: ADR 0016, invariant 11.
 */
export async function countersignAgreement(context: Context, input: SignatureInput): Promise<AgreementProposal> {
  const id = await signOnce(context, { what: 'agreements.countersign', input }, (tx, signing) =>
    sign(context, tx, signing),
  )
  const signed = await selectAgreementProposal(context.database.reads, id)
  invariant(signed, 'an agreement that was signed is there')
  return signed
}

async function sign(
  context: Context,
  tx: Transaction,
  { caller: { partner, client }, proposal: named, hash }: Signing,
): Promise<Id<'apr'>> {
  const known = await holdAgreementProposal(tx, named, partner)
  const { code, acts } = await selectActing(tx, partner)
  if (!acts) throw new Fault('FORBIDDEN', 'in its status this partner does not sign')
  refuseOtherHash(known, hash)
  if (known.status === 'ACTIVATED') return known.id
  if (known.status === 'WITHDRAWN') {
    throw new Fault('WRONG_STATE', `${known.id} was withdrawn: it cannot be signed any more`, { field: 'proposal' })
  }
  await refuseOtherTerms(tx, known, code)
  const agreement = await appendAgreement(context, tx, {
    ...known,
    dataScope: dataScopeIn(known.body),
    proposal: known.id,
  })
  await concludeProposal(context, tx, known, { status: 'ACTIVATED', agreement, client })
  return known.id
}

/** Nobody publishes between this look and the signature. */
async function refuseOtherTerms(tx: Transaction, known: AgreementProposal, partnerCode: string): Promise<void> {
  await lockTermsOf(tx, known.programme)
  const { id, code: programmeCode } = await requireProgramme(tx, known.programme)
  const terms = await selectTermsAt(tx, id, known.startsAt)
  if (
    offerContent({ ...known, programmeCode, partnerCode, terms, dataScope: dataScopeIn(known.body) }).hash ===
    known.hash
  )
    return
  throw new Fault('WRONG_STATE', `other terms are in force when ${known.id} begins: it is to be proposed anew`, {
    field: 'proposal',
  })
}
