import type { Context } from '../../database/context.ts'
import type { Id } from '../../kernel/ids.ts'
import type { ContractDocument, DocumentPlace } from './contract-document.ts'
import { selectDocuments } from './store/contract-documents.ts'

export type ListDocumentsInput = {
  /** Contracts that whoever asks may see. */
  readonly places: readonly DocumentPlace[]
  /** The partner that asks, which does not see the papers on which others signed. */
  readonly partner?: Id<'ptr'> | undefined
}

/** Documents by what they belong to, oldest first; what has none is not in the map. */
export async function listDocuments(
  context: Context,
  { places, partner }: ListDocumentsInput,
): Promise<ReadonlyMap<DocumentPlace, readonly ContractDocument[]>> {
  const documents = await selectDocuments(context.database.reads, places, partner)
  return Map.groupBy(documents, ({ to }) => to)
}
