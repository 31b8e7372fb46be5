import type { PartnerCaller } from '../../../kernel/caller.ts'
import { type DocumentFormat, documentIn } from '../../../ledger/documents/document-format.ts'
import { type StatementDocument, statementDocument } from '../../../ledger/documents/statement-document.ts'
import type { StatementDetail } from '../../../ledger/settlement/find-statement.ts'
import type { Language } from '../../../ledger/splits/explain/words.ts'
import { signCheckpoint } from '../../../records/sign-checkpoint.ts'
import { sealAll as sealEverything } from '../../records/sealed-log.ts'
import type { TestWorld } from '../../support/database.ts'

/** The document of a statement for the staff, or for a partner. */
export function documentOf(
  { context }: TestWorld,
  { id }: Pick<StatementDetail, 'id'>,
  { language = 'en', caller }: { readonly language?: Language; readonly caller?: PartnerCaller } = {},
): Promise<StatementDocument> {
  return statementDocument(context, { statement: id, language, issuer: 'Example Brokerage', caller })
}

/** All of a document in a format. */
export async function bytesOf(document: StatementDocument, format: DocumentFormat): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of documentIn(document, format)) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** Seals what is in the log and signs for it. */
export async function sealAll({ context, owner }: TestWorld): Promise<void> {
  await sealEverything(context, owner)
  await signCheckpoint(context, { origin: 'tributary.example' })
}

/** Rows of a CSV file, read by the book (RFC 4180). */
export function readCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    const [, quoted, plain = '', end] = match
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
    if (cell.lastIndex === text.length) return rows.slice(0, -1)
  }
  throw new Error('this is no CSV')
}
