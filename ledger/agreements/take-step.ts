import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { RecordData } from '../../records/record-body.ts'
import { updateTermsProposal } from './store/terms-proposals.ts'
import { canonicalTerms, readTerms } from './terms-body.ts'
import { afterStep, type TermsProposal, type TermsStep } from './terms-proposal.ts'

/** Takes a proposal that the transaction holds one step on, with its record. */
export async function takeStep(
  context: Context,
  tx: Transaction,
  proposal: TermsProposal,
  step: TermsStep,
): Promise<TermsProposal> {
  const data = stepData({ ...proposal, step: proposal.step + 1 }, step)
  const [record] = await appendRecords(context, tx, [{ kind: 'terms_proposal', data }])
  invariant(record, 'a record was appended')
  const next = afterStep(proposal, step, record)
  await updateTermsProposal(tx, next)
  return next
}

/** What the record of a step says: of a draft its whole content, of the others the hash of it. */
export function stepData(
  { id, programme, step, hash }: Pick<TermsProposal, 'id' | 'programme' | 'step' | 'hash'>,
  change: TermsStep,
): RecordData {
  const of = { proposal: id, programme, step: BigInt(step) }
  switch (change.event) {
    case 'DRAFTED': {
      const { hash: drafted, body } = change.content
      return { event: change.event, ...of, hash: drafted, body: canonicalTerms(readTerms(body)) }
    }
    case 'PROPOSED':
      return { event: change.event, ...of, hash, round: BigInt(change.round) }
    case 'ACTIVATED':
      return { event: change.event, ...of, hash, terms: change.terms }
    case 'WITHDRAWN':
      return { event: change.event, ...of, hash, reason: change.reason }
    default:
      return change satisfies never
  }
}
