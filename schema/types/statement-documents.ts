import type { Id } from '../../kernel/ids.ts'
import { DOCUMENT_FORMATS, type DocumentFormat } from '../../ledger/documents/document-format.ts'
import type { Language } from '../../ledger/splits/explain/words.ts'
import { builder, type GraphName } from '../builder.ts'

const subGraphs: GraphName[] = ['partner', 'operations']

const ABOUT: Readonly<Record<DocumentFormat, string>> = {
  pdf: 'Path of the PDF, fit to send.',
  csv: 'Path of its lines as CSV.',
  json: 'Path of all of it as JSON.',
}

/** Where a statement is had as a file. */
export const statementDocumentsType = builder
  .objectRef<{ readonly id: Id<'sta'>; readonly language: Language }>('StatementDocuments')
  .implement({
    description:
      'Paths under this API’s origin from which a statement is fetched: by its partner with its token and a DPoP proof, by staff with theirs.',
    subGraphs,
    authScopes: { scopeOrStaff: 'statements:read' },
    fields: (t) =>
      Object.fromEntries(
        DOCUMENT_FORMATS.map((format) => [
          format,
          t.string({
            description: ABOUT[format],
            resolve: ({ id, language }) => `/statements/${id}.${format}?language=${language}`,
          }),
        ]),
      ),
  })
