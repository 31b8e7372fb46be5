import { type Command, Option } from 'commander'
import { Fault } from '../../../kernel/fault.ts'
import { JOURNAL_FORMATS, type JournalFormat } from '../../../ledger/journal/journal-format.ts'
import { act } from '../act.ts'
import { withBar } from '../progress.ts'
import { CHART_OPTION, readChart } from '../read-chart.ts'
import { writeOut } from '../write-out.ts'
import { exportKeysFile } from './export-keys-file.ts'

const FORMATS = [...JOURNAL_FORMATS, 'records'] as const

type ExportOptions = { readonly format: JournalFormat | 'records'; readonly keys?: string; readonly chart?: string }

/** `tributary ledger export`: writes the file itself to standard output, so there is no table and no `--json` for it. */
export function addExport(ledger: Command): void {
  ledger
    .command('export')
    .description('the journal, or the sealed log, to standard output')
    .addOption(new Option('--format <format>', 'who reads it').choices(FORMATS).makeOptionMandatory())
    .option('--keys <file>', 'with records: also write the keys that a replay needs, to a file of their own')
    .option(...CHART_OPTION)
    .action(({ format, keys, chart: file }: ExportOptions, command: Command) =>
      act(command, async (context) => {
        if (keys !== undefined && format !== 'records') {
          throw new Fault('INVALID_INPUT', 'keys go with the format records')
        }
        if (format === 'records') {
          if (file !== undefined) throw new Fault('INVALID_INPUT', 'records have no accounts that a chart could map')
          const { exportRecords } = await import('../../../records/export-records.ts')
          if (keys !== undefined) await exportKeysFile(context, keys)
          const { records } = await withBar('log', (onProgress) => exportRecords(context, writeOut, onProgress))
          process.stderr.write(`${records} records\n`)
          return { result: '' }
        }
        const { exportJournal } = await import('../../../ledger/journal/export-journal.ts')
        const chart = await readChart(file)
        const { entries } = await exportJournal(context, { format, chart }, writeOut)
        process.stderr.write(`${entries} entries\n`)
        return { result: '' }
      }),
    )
}
