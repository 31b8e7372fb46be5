import { attachDocument } from '../../ledger/agreements/attach-document.ts'
import { builder, type GraphName } from '../builder.ts'
import { contractDocumentType } from './contract-document.ts'
import { payloadOf, payloadType } from './payloads.ts'

const subGraphs: GraphName[] = ['operations']

const attachPayload = payloadType('AttachDocumentPayload', { field: 'document', type: contractDocumentType, subGraphs })

/** A document as it is given. */
export const documentFields = builder.inputRef<{
  sha256: string
  name: string
  sizeBytes: string
  mediaType: string
}>('DocumentInput')
documentFields.implement({
  description: 'A paper or file, by its hash; its bytes are not sent.',
  subGraphs,
  fields: (t) => ({
    sha256: t.string({ required: true, description: 'SHA-256 of its bytes, 64 hexadecimal digits.' }),
    name: t.string({ required: true, description: 'What people call it, up to 200 characters.' }),
    sizeBytes: t.string({ required: true, description: 'How many bytes, a whole number.' }),
    mediaType: t.string({ required: true, description: 'What it is, e.g. application/pdf.' }),
  }),
})

const attachInput = builder.inputType('AttachDocumentInput', {
  description: 'Which document belongs to which contract.',
  subGraphs,
  fields: (t) => ({
    to: t.id({ required: true, description: 'Id of an agreement, of terms, or of a proposal of terms.' }),
    document: t.field({ type: documentFields, required: true, description: 'The document.' }),
    idempotencyKey: t.string({ required: true, description: 'The same again has one effect.' }),
  }),
})

builder.mutationFields((t) => ({
  attachDocument: t.field({
    type: attachPayload,
    description:
      'Attaches a document to a contract by its hash; the same content is attached once. Role partner-manager.',
    subGraphs,
    authScopes: { role: 'partner-manager' },
    args: { input: t.arg({ type: attachInput, required: true, description: 'The document and its place.' }) },
    resolve: (_, { input: { document, ...input } }, { context }) =>
      payloadOf(() => attachDocument(context, { ...input, ...document })),
  }),
}))
