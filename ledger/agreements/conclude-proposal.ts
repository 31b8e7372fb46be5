import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { AgreementProposal } from './agreement-proposal.ts'
import { type Outcome, updateOutcome } from './store/agreement-proposals.ts'

/** Says what became of a proposed agreement that the transaction holds, with its record. */
export async function concludeProposal(
  context: Context,
  tx: Transaction,
  { id: proposal, programme, partner, hash }: AgreementProposal,
  outcome: Outcome,
): Promise<void> {
  const { status: event, ...more } = outcome
  const data = { event, proposal, programme, partner, hash, ...more }
  const [record] = await appendRecords(context, tx, [{ kind: 'agreement_proposal', partner, data }])
  invariant(record, 'a record was appended')
  await updateOutcome(tx, proposal, outcome, record)
}
