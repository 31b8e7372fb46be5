import { csvText } from './csv-text.ts'
import { jsonText } from './json-text.ts'
import type { StatementDocument } from './statement-document.ts'

/** Formats in which a statement is had; each is the ending of its file's name. */
export const DOCUMENT_FORMATS = ['pdf', 'csv', 'json'] as const
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number]

/** A statement in a format, in chunks as its lines are read. */
export async function* documentIn(
  document: StatementDocument,
  format: DocumentFormat,
): AsyncGenerator<string | Uint8Array> {
  switch (format) {
    case 'csv':
      return yield* csvText(document)
    case 'json':
      return yield* jsonText(document)
    case 'pdf': {
      // what sets type is large, and asked for rarely
      const { pdfBytes } = await import('./pdf/statement-pdf.ts')
      return yield* pdfBytes(document)
    }
  }
}
