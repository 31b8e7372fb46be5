import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { ProjectedRecord, Projector } from '../../records/projector.ts'
import { type ContractId, knownContracts } from './known-contracts.ts'
import { insertAgreementProposal, updateOutcome } from './store/agreement-proposals.ts'
import { insertDocument } from './store/contract-documents.ts'
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

/** What must be there before a record is written, and how that is done; it says whether it could be. */
type Writing = { readonly needs: readonly ContractId[]; readonly write: (tx: Transaction) => Promise<boolean> }

const READ: Readonly<Record<Kind, (record: OfRecord) => Writing>> = {
  terms_proposal: readStep,
  agreement_proposal: readAgreementProposal,
  contract_document: readDocument,
  terms_signature: readSignature,
}

/** There are few of them: each is written on its own, but what they need is looked up together. */
async function projectInOrder(
  _context: Context,
  tx: Transaction,
  records: readonly ProjectedRecord[],
): Promise<readonly ProjectedRecord[]> {
  const waiting: ProjectedRecord[] = []
  for (const kind of KINDS) {
    const own = records.filter(({ body }) => body.kind === kind)
    const writings = own.map((record) => ({ record, ...READ[kind]({ ...record, at: new Date(record.body.at) }) }))
    const known = await knownContracts(
      tx,
      writings.flatMap(({ needs }) => needs),
    )
    for (const { record, needs, write } of writings) {
      if (!needs.every((id) => known.has(id)) || !(await write(tx))) waiting.push(record)
    }
  }
  return waiting
}

type OfRecord = Pick<ProjectedRecord, 'body'> & { readonly at: Date }

function readStep({ body, at }: OfRecord): Writing {
  const told = toldStep(body)
  const record = { id: body.id, at }
  if (told.step === 1) return { needs: [told.programme], write: (tx) => writeFirst(tx, told, record) }
  const { proposal, change } = told
  const named = change.event === 'ACTIVATED' ? [change.terms] : []
  return { needs: [proposal, ...named], write: (tx) => writeStep(tx, told, record) }
}

type RecordRef = { readonly id: Id<'rec'>; readonly at: Date }

async function writeFirst(
  tx: Transaction,
  { proposal: id, programme, step, change }: ToldStep,
  record: RecordRef,
): Promise<boolean> {
  if (change.event !== 'DRAFTED') return false
  const times = { draftedAt: record.at, changedAt: record.at, record: record.id }
  await insertTermsProposal(tx, { id, programme, step, ...change.content, ...NEW_DRAFT, ...times })
  return true
}

async function writeStep(
  tx: Transaction,
  { proposal, programme, step, change }: ToldStep,
  record: RecordRef,
): Promise<boolean> {
  const known = await selectTermsProposal(tx, proposal)
  if (known?.step !== step - 1) return false
  // the members' last proposal comes to its end before the next one is put to them
  if (change.event === 'PROPOSED' && !(await isRoundOver(tx, programme, change.round - 1))) return false
  await updateTermsProposal(tx, afterStep(known, change, record))
  return true
}

function readAgreementProposal({ body, at }: OfRecord): Writing {
  const told = toldAgreement(body)
  if ('offer' in told) {
    const { offer } = told
    return { needs: [offer.programme], write: (tx) => insertAgreementProposal(tx, offer).then(() => true) }
  }
  const { id, outcome } = told
  const named = outcome.status === 'ACTIVATED' ? [outcome.agreement] : []
  const write = (tx: Transaction): Promise<boolean> =>
    updateOutcome(tx, id, outcome, { id: body.id, at }).then(() => true)
  return { needs: [id, ...named], write }
}

function readDocument({ body }: OfRecord): Writing {
  const document = toldDocument(body)
  return { needs: [document.to], write: (tx) => insertDocument(tx, document).then(() => true) }
}

function readSignature({ body }: OfRecord): Writing {
  const signature = toldSignature(body)
  const { proposal, document, hash } = signature
  const write = async (tx: Transaction): Promise<boolean> => {
    const signed = await selectTermsProposal(tx, proposal)
    if (signed?.proposedAt === undefined || signed.hash !== hash) return false
    await insertSignature(tx, signature)
    return true
  }
  return { needs: document === undefined ? [proposal] : [proposal, document], write }
}
