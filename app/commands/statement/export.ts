import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { type Command, Option } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import { DOCUMENT_FORMATS, type DocumentFormat } from '../../../ledger/documents/document-format.ts'
import type { DocumentLine, StatementDocument } from '../../../ledger/documents/statement-document.ts'
import { readConfig } from '../../config.ts'
import { act } from '../act.ts'
import { type LanguageOption, languageOption } from '../language.ts'
import { withBar } from '../progress.ts'
import { writeOut } from '../write-out.ts'

type ExportOptions = LanguageOption & { readonly format: DocumentFormat; readonly out?: string }

/** `tributary statement export`: the file itself, so there is no table and no `--json` for it. */
export function addExport(statement: Command): void {
  statement
    .command('export')
    .argument('<statement>', 'its number or id')
    .addOption(new Option('--format <format>', 'of the file').choices(DOCUMENT_FORMATS).makeOptionMandatory())
    .addOption(languageOption())
    .option('--out <file>', 'where to; standard output when absent')
    .description('one statement as a file, with its lines')
    .action((named: string, options: ExportOptions, command: Command) =>
      act(command, async (context) => {
        const { statementDocument } = await import('../../../ledger/documents/statement-document.ts')
        const { documentIn } = await import('../../../ledger/documents/document-format.ts')
        const { format, language, out } = options
        if (format === 'pdf' && out === undefined && process.stdout.isTTY) {
          throw new Fault('INVALID_INPUT', 'a PDF is nothing for a terminal: name a file with --out', { field: 'out' })
        }
        const { name: issuer } = readConfig(process.env)
        const document = await statementDocument(context, { statement: named, language, issuer })
        await withBar('lines', async (onProgress) => {
          const chunks = documentIn(watched(document, onProgress), format)
          if (out !== undefined) return keep(out, chunks)
          for await (const chunk of chunks) await writeOut(chunk)
        })
        return out === undefined ? {} : { result: { statement: document.statement.number, file: out } }
      }),
    )
}

/** The file is there as a whole or not at all. */
async function keep(file: string, chunks: AsyncIterable<string | Uint8Array>): Promise<void> {
  const part = `${file}.part`
  try {
    await pipeline(chunks, createWriteStream(part, { mode: 0o600 }))
    await rename(part, file)
  } catch (cause) {
    await rm(part, { force: true })
    if (cause instanceof Fault || !(cause instanceof Error && 'syscall' in cause)) throw cause
    throw new Fault('INVALID_INPUT', `${file} cannot be written`, { field: 'out', cause })
  }
}

function watched(
  document: StatementDocument,
  onProgress: (progress: { readonly done: number; readonly total: number }) => void,
): StatementDocument {
  const total = document.statement.lineCount
  async function* counted(lines: AsyncIterable<DocumentLine>): AsyncGenerator<DocumentLine> {
    let done = 0
    for await (const line of lines) {
      done += 1
      if (done % 1000 === 0 || done === total) onProgress({ done, total })
      yield line
    }
  }
  return { ...document, lines: (most) => counted(document.lines(most)) }
}
