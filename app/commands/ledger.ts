import type { Command } from 'commander'
import { Fault } from '../../kernel/fault.ts'
import { formatDecimal } from '../../kernel/money.ts'
import { act } from './act.ts'
import { openProgress } from './progress.ts'

/** `tributary ledger verify|export|balances`. */
export function addLedger(program: Command): void {
  const ledger = program.command('ledger').description('the log and the journal')
  ledger
    .command('verify')
    .description(
      'hashes every record again, checks the tree, its checkpoints and the journal; says what is wrong and where',
    )
    .action((_options: object, command: Command) =>
      act(command, async (context) => {
        const { verifyRecords } = await import('../../records/verify-records.ts')
        const { verifyJournal } = await import('../../ledger/journal/verify-journal.ts')
        const findings = [
          ...(await withBar('records', (onProgress) => verifyRecords(context, { onProgress }))),
          ...(await withBar('journal', (onProgress) => verifyJournal(context, { onProgress }))),
        ]
        const rows = findings.map(({ what, where }) => ({ what, where }))
        return {
          result: { sound: findings.length === 0, findings },
          ...(rows.length > 0 ? { rows } : {}),
          failed: rows.length > 0,
        }
      }),
    )
  ledger
    .command('balances')
    .description('balance of each account, debits positive')
    .option('--prefix <path>', 'only accounts below this one')
    .action(({ prefix }: { prefix?: string }, command: Command) =>
      act(command, async (context) => {
        const { balances } = await import('../../ledger/journal/balances.ts')
        const found = await balances(context, prefix === undefined ? {} : { prefix })
        const rows = found.map(({ account, asset, minor }) => ({
          account,
          asset,
          balance: formatDecimal({ asset, minor }),
        }))
        return { result: found, rows }
      }),
    )
  addExport(ledger)
}

type OnProgress = (progress: { readonly done: number; readonly total: number }) => void

async function withBar<T>(title: string, work: (onProgress: OnProgress) => Promise<T>): Promise<T> {
  const bar = openProgress(title)
  return work(({ done, total }) => bar.show(done, total)).finally(bar.end)
}

/** Writes the file itself to standard output: there is no table and no `--json` for it. */
function addExport(ledger: Command): void {
  ledger
    .command('export')
    .description('the journal, to standard output')
    .requiredOption('--format <format>', 'hledger or csv')
    .action(({ format }: { format: string }, command: Command) =>
      act(command, async (context) => {
        if (format !== 'hledger' && format !== 'csv') throw new Fault('INVALID_INPUT', 'the format is hledger or csv')
        const { exportJournal } = await import('../../ledger/journal/export-journal.ts')
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
