import type { Command } from 'commander'
import { act } from './act.ts'
import { describeFile } from './describe-file.ts'

type AttachOptions = { readonly to: string; readonly mediaType?: string }

/** `tributary document attach`. */
export function addDocument(program: Command): void {
  program
    .command('document')
    .description('papers and files of contracts')
    .command('attach')
    .description('attaches a file to a contract by its hash; the bytes stay where they are')
    .argument('<file>')
    .requiredOption('--to <id>', 'an agreement, terms, or a proposal of terms: agr_…, trm_…, tpr_…')
    .option('--media-type <type>', 'what the file is, unless its name says it')
    .action((file: string, { to, mediaType }: AttachOptions, command: Command) =>
      act(command, async (context) => {
        const { attachDocument } = await import('../../ledger/agreements/attach-document.ts')
        return { result: await attachDocument(context, { to, ...(await describeFile(file, mediaType)) }) }
      }),
    )
}
