import { type Command, Option } from 'commander'
import { JOURNAL_FORMATS, type JournalFormat } from '../../../ledger/journal/journal-format.ts'
import { act } from '../act.ts'

/** `tributary ledger export`: writes the file itself to standard output, so there is no table and no `--json` for it. */
export function addExport(ledger: Command): void {
  ledger
    .command('export')
    .description('the journal, to standard output')
    .addOption(new Option('--format <format>', 'who reads it').choices(JOURNAL_FORMATS).makeOptionMandatory())
    .action(({ format }: { format: JournalFormat }, command: Command) =>
      act(command, async (context) => {
        const { exportJournal } = await import('../../../ledger/journal/export-journal.ts')
        const { entries } = await exportJournal(context, { format }, writeOut)
        process.stderr.write(`${entries} entries\n`)
        return { result: '' }
      }),
    )
}

async function writeOut(text: string): Promise<void> {
  if (process.stdout.write(text)) return
  await new Promise((resolve) => process.stdout.once('drain', resolve))
}
