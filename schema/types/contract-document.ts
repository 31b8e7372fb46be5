import { isId } from '../../kernel/ids.ts'
import type { ContractDocument, DocumentPlace } from '../../ledger/agreements/contract-document.ts'
import { listDocuments } from '../../ledger/agreements/list-documents.ts'
import { batched } from '../batched.ts'
import { builder, type GraphName } from '../builder.ts'
import { type GraphContext, readerOf } from '../graph-context.ts'

const subGraphs: GraphName[] = ['partner', 'operations']

/** Who may read contracts: clients that may sign them, and staff. */
export const contractReaders = { scopeOrStaff: 'agreements:sign' } as const

/** A paper or file of a contract. */
export const contractDocumentType = builder.objectRef<ContractDocument>('ContractDocument').implement({
  description: 'A paper or file that belongs to a contract, by its hash; the bytes are not kept here.',
  subGraphs,
  authScopes: contractReaders,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Its id.' }),
    sha256: t.exposeString('sha256', { description: 'SHA-256 of its bytes, hexadecimal.' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    sizeBytes: t.string({ description: 'How many bytes.', resolve: ({ sizeBytes }) => `${sizeBytes}` }),
    mediaType: t.exposeString('mediaType', { description: 'What it is, e.g. application/pdf.' }),
    attachedAt: t.expose('attachedAt', { type: 'DateTime', description: 'When it was attached.' }),
    record: t.exposeID('record', { description: 'Its record in the log.' }),
  }),
})

/** The documents of a contract that the caller may see, asked for together. */
export async function documentsOf(graph: GraphContext, to: DocumentPlace): Promise<readonly ContractDocument[]> {
  return (await documents(graph, to)) ?? []
}

const documents = batched((graph: GraphContext, places): Promise<ReadonlyMap<string, readonly ContractDocument[]>> => {
  return listDocuments(graph.context, { places: places.filter(isPlace), partner: readerOf(graph) })
})

function isPlace(id: string): id is DocumentPlace {
  return isId('agr', id) || isId('tpr', id) || isId('trm', id)
}
