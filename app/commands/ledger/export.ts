import type { Command } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import { act } from '../act.ts'

/** `tributary ledger export`: writes the file itself to standard output, so there is no table and no `--json` for it. */
export function addExport(ledger: Command): void {
  ledger
    .command('export')
    .description('the journal, to standard output')
    .requiredOption('--format <format>', 'hledger or csv')
    .action(({ format }: { format: string }, command: Command) =>
      act(command, async (context) => {
        if (format !== 'hledger' && format !== 'csv') throw new Fault('INVALID_INPUT', 'the format is hledger or csv')
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
