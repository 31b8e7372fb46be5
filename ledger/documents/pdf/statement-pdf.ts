import PDFDocument from 'pdfkit'
import type { DocumentLine, StatementDocument } from '../statement-document.ts'
import { type Words, wordsIn } from '../words.ts'
import { writeAmounts } from './amounts.ts'
import { writeHead } from './head.ts'
import { MOST_PRINTED, writeDisputes, writeLines, writeProof, writeRules } from './parts.ts'
import { AREA, PAGE, type Sheet, sheetOn } from './sheet.ts'

const SMALL = { size: 7.5, color: '#5b6470' } as const

/**
 * A statement as a PDF fit to send: A4, text that can be searched, fonts embedded. The same statement gives the same bytes:
 * it is dated when it was issued. It prints the first lines alone, and says where the others are.
 */
export async function* pdfBytes(document: StatementDocument): AsyncGenerator<Uint8Array> {
  const words = wordsIn(document.language)
  const lines = await firstLines(document)
  const { statement, issuer, language } = document
  const file = new PDFDocument({
    size: [PAGE.width, PAGE.height],
    margin: 0,
    bufferPages: true,
    lang: language,
    displayTitle: true,
    info: {
      Title: `${words.title} ${statement.number}`,
      Author: issuer,
      Creator: 'Tributary',
      Producer: 'Tributary',
      CreationDate: statement.issuedAt,
    },
  })
  const sheet = sheetOn(file)
  writeHead(sheet, document, words)
  writeAmounts(sheet, document, words)
  writeRules(sheet, document, words)
  writeLines(sheet, document, lines, words)
  writeDisputes(sheet, document, words)
  writeProof(sheet, document, words)
  numberPages(file, sheet, document, words)
  file.end()
  // a readable stream of Node gives its chunks so
  for await (const chunk of file as AsyncIterable<Uint8Array>) yield chunk
}

async function firstLines(document: StatementDocument): Promise<readonly DocumentLine[]> {
  const lines: DocumentLine[] = []
  for await (const line of document.lines(MOST_PRINTED)) lines.push(line)
  return lines
}

/** Whose page it is, at the foot of each, and which of how many. */
function numberPages(
  file: InstanceType<typeof PDFDocument>,
  sheet: Sheet,
  { statement, partner }: StatementDocument,
  words: Words,
): void {
  const { start, count } = file.bufferedPageRange()
  for (let page = 0; page < count; page++) {
    file.switchToPage(start + page)
    sheet.at(PAGE.height - PAGE.bottom + 18, [
      { text: `${statement.number} · ${partner.name}`, x: 0, width: AREA - 120, style: SMALL },
      { text: words.page(page + 1, count), x: AREA - 110, width: 110, style: { ...SMALL, right: true } },
    ])
  }
}
