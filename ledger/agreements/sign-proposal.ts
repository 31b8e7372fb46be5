import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import { insertSignature } from './store/terms-signatures.ts'
import type { TermsSignature } from './terms-signature.ts'

/** Stores a member's signature with its record, which that member may have. */
export async function signProposal(
  context: Context,
  tx: Transaction,
  signature: Omit<TermsSignature, 'signedAt' | 'record'>,
): Promise<void> {
  const { partner } = signature
  const [record] = await appendRecords(context, tx, [
    { kind: 'terms_signature', partner, data: { event: 'SIGNED', ...signature } },
  ])
  invariant(record, 'a record was appended')
  await insertSignature(tx, { ...signature, signedAt: record.at, record: record.id })
}
