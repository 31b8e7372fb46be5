import { z } from 'zod'
import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { Fault } from '../../kernel/fault.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendDocument } from './append-document.ts'
import { type ContractDocument, type DocumentPlace, documentContent } from './contract-document.ts'
import { onceIfKeyed } from './once-if-keyed.ts'
import { parseExactly } from './parse-exactly.ts'
import { selectDocuments, selectPlace } from './store/contract-documents.ts'

const attachDocumentInput = z.strictObject({
  /** Id of an agreement, of terms, or of a proposal of terms. */
  to: z.string().max(60),
  ...documentContent,
  idempotencyKey: z.string().nullish(),
})

export type AttachDocumentInput = z.input<typeof attachDocumentInput>

/**
 * Attaches a document to a contract, by its hash: the bytes stay where they are. The same content is attached once, under
 * the name that it got first. Throws `INVALID_INPUT`, `NOT_FOUND`, `IDEMPOTENCY_CONFLICT`. Source: ADR 0016.
 */
export async function attachDocument(context: Context, input: AttachDocumentInput): Promise<ContractDocument> {
  const { idempotencyKey: key, to: named, ...content } = parseExactly(attachDocumentInput, input, 'document')
  const attach = async (tx: Transaction): Promise<DocumentPlace> => {
    const place = await selectPlace(tx, named)
    if (place === undefined) throw new Fault('NOT_FOUND', 'there is no such contract', { field: 'to' })
    await appendDocument(context, tx, { ...place, content })
    return place.to
  }
  const request = { to: named, ...content }
  const to = await onceIfKeyed(context, { scope: `${context.actor}:documents.attach`, key, request }, attach)
  const attached = await selectDocuments(context.database.reads, [to])
  const document = attached.find(({ sha256 }) => sha256 === content.sha256)
  invariant(document, 'a document that was attached is there')
  return document
}
