import { z } from 'zod'
import { type CanonicalValue, canonicalJson } from '../../kernel/canonical-json.ts'
import { instant } from '../../kernel/instant.ts'
import { idText, parseRecordData, wholeNumber } from '../../records/parse-record-data.ts'
import type { RecordBody } from '../../records/record-body.ts'
import type { AgreementProposal } from './agreement-proposal.ts'
import type { ContractDocument, DocumentPlace } from './contract-document.ts'
import type { Outcome } from './store/agreement-proposals.ts'
import { readTerms } from './terms-body.ts'
import type { TermsContent, TermsStep } from './terms-proposal.ts'
import type { TermsSignature } from './terms-signature.ts'

// What the records of contracts say, for whoever reads the log back.

const ofTerms = { proposal: idText('tpr'), programme: idText('prg'), step: wholeNumber, hash: z.string() }

const termsStep = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('DRAFTED'),
    ...ofTerms,
    // what was parsed out of canonical JSON is a value of it
    body: z.custom<CanonicalValue>((value) => typeof value === 'object' && value !== null),
  }),
  z.object({ event: z.literal('PROPOSED'), ...ofTerms, round: wholeNumber }),
  z.object({ event: z.literal('ACTIVATED'), ...ofTerms, terms: idText('trm') }),
  z.object({ event: z.literal('WITHDRAWN'), ...ofTerms, reason: z.string() }),
])

/** A step of a proposal of terms. */
export type ToldStep = Pick<z.output<typeof termsStep>, 'proposal' | 'programme' | 'step'> & {
  readonly change: TermsStep
}

/** The step that a record tells of. */
export function toldStep(record: RecordBody): ToldStep {
  const { proposal, programme, step, ...said } = parseRecordData(termsStep, record)
  const change = said.event === 'DRAFTED' ? { event: said.event, content: contentOf(said) } : said
  return { proposal, programme, step, change }
}

function contentOf({ body: said, hash }: { readonly body: CanonicalValue; readonly hash: string }): TermsContent {
  const body = canonicalJson(said)
  const { version, effectiveFrom } = readTerms(body)
  return { version, effectiveFrom, body, hash }
}

const signatureData = z.object({
  event: z.literal('SIGNED'),
  proposal: idText('tpr'),
  partner: idText('ptr'),
  agreement: idText('agr'),
  hash: z.string(),
  client: idText('cli').optional(),
  document: idText('doc').optional(),
})

/** The signature that a record tells of. */
export function toldSignature(body: RecordBody): TermsSignature {
  const { event: _, client, document, ...told } = parseRecordData(signatureData, body)
  return { ...told, client, document, signedAt: new Date(body.at), record: body.id }
}

const ofAgreement = { proposal: idText('apr'), programme: idText('prg'), partner: idText('ptr') }

const agreementEvent = z.discriminatedUnion('event', [
  z.object({
    event: z.literal('PROPOSED'),
    ...ofAgreement,
    startsAt: instant,
    endsAt: instant.optional(),
    body: z.string(),
    hash: z.string(),
  }),
  z.object({ event: z.literal('ACTIVATED'), ...ofAgreement, agreement: idText('agr'), client: idText('cli') }),
  z.object({ event: z.literal('WITHDRAWN'), ...ofAgreement, reason: z.string() }),
])

/** The offer of a membership that a record tells of, or what became of one. */
export function toldAgreement(
  body: RecordBody,
): { readonly offer: AgreementProposal } | { readonly id: AgreementProposal['id']; readonly outcome: Outcome } {
  const said = parseRecordData(agreementEvent, body)
  const { proposal: id } = said
  if (said.event === 'WITHDRAWN') return { id, outcome: { status: said.event, reason: said.reason } }
  if (said.event === 'ACTIVATED') {
    return { id, outcome: { status: said.event, agreement: said.agreement, client: said.client } }
  }
  const { event, proposal: _, endsAt, ...told } = said
  const open = { agreement: undefined, client: undefined, reason: undefined }
  const at = new Date(body.at)
  return { offer: { id, ...told, endsAt, status: event, ...open, proposedAt: at, changedAt: at, record: body.id } }
}

const documentData = z.object({
  event: z.literal('ATTACHED'),
  document: idText('doc'),
  to: z.union([idText('agr'), idText('tpr'), idText('trm')]) as z.ZodType<DocumentPlace>,
  sha256: z.string(),
  name: z.string(),
  sizeBytes: wholeNumber,
  mediaType: z.string(),
})

/** The document that a record tells of. */
export function toldDocument(body: RecordBody): ContractDocument {
  const { event: _, document: id, sizeBytes, ...told } = parseRecordData(documentData, body)
  return { id, ...told, sizeBytes: BigInt(sizeBytes), attachedAt: new Date(body.at), record: body.id }
}
