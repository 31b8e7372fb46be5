import type { Transaction } from '../../database/client.ts'
import type { Context } from '../../database/context.ts'
import { type Id, newId } from '../../kernel/ids.ts'
import { invariant } from '../../kernel/invariant.ts'
import { appendRecords } from '../../records/append-records.ts'
import type { ContractDocument, DocumentContent, DocumentPlace } from './contract-document.ts'
import { insertDocument, lockPlace, selectDocuments } from './store/contract-documents.ts'

type NewDocument = {
  readonly to: DocumentPlace
  readonly content: DocumentContent
  /** The partner who may have the record. */
  readonly partner: Id<'ptr'> | undefined
}

/** Attaches a document with its record, unless the same content is attached there already. */
export async function appendDocument(
  context: Context,
  tx: Transaction,
  { to, content, partner }: NewDocument,
): Promise<ContractDocument> {
  await lockPlace(tx, to)
  const known = (await selectDocuments(tx, [to])).find(({ sha256 }) => sha256 === content.sha256)
  if (known !== undefined) return known
  const id = newId('doc')
  const data = { event: 'ATTACHED', document: id, to, ...content }
  const [record] = await appendRecords(context, tx, [
    { kind: 'contract_document', data, ...(partner === undefined ? {} : { partner }) },
  ])
  invariant(record, 'a record was appended')
  const document = { id, to, ...content, attachedAt: record.at, record: record.id }
  await insertDocument(tx, document)
  return document
}
