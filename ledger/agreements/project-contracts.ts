import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { ProjectedRecord, Projector } from '../../records/projector.ts'
import type { RecordBody } from '../../records/record-body.ts'
import { selectKnownIds } from '../store/known-ids.ts'
import { insertAgreementProposal, selectAgreementProposal, updateOutcome } from './store/agreement-proposals.ts'
import { insertDocument, isAttached, selectPlace } from './store/contract-documents.ts'
import { selectProgramme } from './store/programmes.ts'
import { insertTermsProposal, isRoundOver, selectTermsProposal, updateTermsProposal } from './store/terms-proposals.ts'
import { insertSignature } from './store/terms-signatures.ts'
import { afterStep, NEW_DRAFT } from './terms-proposal.ts'
import { type ToldStep, toldAgreement, toldDocument, toldSignature, toldStep } from './told-contracts.ts'

const KINDS = ['terms_proposal', 'agreement_proposal', 'contract_document', 'terms_signature'] as const
type Kind = (typeof KINDS)[number]

/**
 * How terms and memberships came about, out of the log. A step waits for the one before it, and for whatever it names: a
 * signature for the proposal as it was signed, what came into force for the terms or the agreement that it became.
 */
export const contractProjector: Projector = {
  kinds: KINDS,
  tables: [
    { name: 'terms_proposals', key: ['id'] },
    { name: 'agreement_proposals', key: ['id'] },
    { name: 'contract_documents', key: ['id'] },
    { name: 'terms_signatures', key: ['proposal_id', 'partner_id'] },
  ],
  project: projectInOrder,
}

/** Says whether it could be written. */
type Project = (tx: Transaction, body: RecordBody) => Promise<boolean>

const PROJECT: Readonly<Record<Kind, Project>> = {
  terms_proposal: projectStep,
  agreement_proposal: projectAgreementProposal,
  contract_document: projectDocument,
  terms_signature: projectSignature,
}

/** There are few of them: each is written on its own. */
async function projectInOrder(
  _context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const waiting: ProjectedRecord[] = []
  for (const kind of KINDS) {
    for (const record of records) {
      if (record.body.kind === kind && !(await PROJECT[kind](tx, record.body))) waiting.push(record)
    }
  }
  return waiting
}

async function projectStep(tx: Transaction, body: RecordBody): Promise<boolean> {
  const told = toldStep(body)
  const record = { id: body.id, at: new Date(body.at) }
  if (told.step === 1) return projectFirst(tx, told, record)
  const known = await selectTermsProposal(tx, told.proposal)
  if (known?.step !== told.step - 1) return false
  const { change } = told
  // the members' last proposal comes to its end before the next one is put to them
  if (change.event === 'PROPOSED' && !(await isRoundOver(tx, told.programme, change.round - 1))) return false
  if (change.event === 'ACTIVATED' && (await selectPlace(tx, change.terms)) === undefined) return false
  await updateTermsProposal(tx, afterStep(known, change, record))
  return true
}

type OfRecord = { readonly id: RecordBody['id']; readonly at: Date }

async function projectFirst(
  tx: Transaction,
  { proposal: id, programme, step, change }: ToldStep,
  record: OfRecord,
): Promise<boolean> {
  if (change.event !== 'DRAFTED' || (await selectProgramme(tx, programme)) === undefined) return false
  const times = { draftedAt: record.at, changedAt: record.at, record: record.id }
  await insertTermsProposal(tx, { id, programme, step, ...change.content, ...NEW_DRAFT, ...times })
  return true
}

async function projectAgreementProposal(tx: Transaction, body: RecordBody): Promise<boolean> {
  const told = toldAgreement(body)
  if ('offer' in told) {
    if ((await selectProgramme(tx, told.offer.programme)) === undefined) return false
    await insertAgreementProposal(tx, told.offer)
    return true
  }
  const { id, outcome } = told
  if ((await selectAgreementProposal(tx, id)) === undefined) return false
  const named = outcome.status === 'ACTIVATED' ? [outcome.agreement] : []
  if ((await selectKnownIds(tx, 'agreements', named)).size < named.length) return false
  await updateOutcome(tx, id, outcome, { id: body.id, at: new Date(body.at) })
  return true
}

async function projectDocument(tx: Transaction, body: RecordBody): Promise<boolean> {
  const document = toldDocument(body)
  if ((await selectPlace(tx, document.to)) === undefined) return false
  await insertDocument(tx, document)
  return true
}

async function projectSignature(tx: Transaction, body: RecordBody): Promise<boolean> {
  const signature = toldSignature(body)
  const { document, hash } = signature
  const signed = await selectTermsProposal(tx, signature.proposal)
  if (signed === undefined || signed.proposedAt === undefined || signed.hash !== hash) return false
  if (document !== undefined && !(await isAttached(tx, document))) return false
  await insertSignature(tx, signature)
  return true
}
