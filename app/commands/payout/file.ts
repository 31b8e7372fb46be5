import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import type { FileFormat } from '../../../ledger/payouts/payout-batch.ts'
import { act, wantsJson } from '../act.ts'
import { withBar } from '../progress.ts'
import { writeOut } from '../write-out.ts'

const FORMATS: Readonly<Record<string, FileFormat>> = { pain001: 'PAIN_001', csv: 'CSV' }

type FileOptions = { readonly format: keyof typeof FORMATS; readonly out?: string }

/** `tributary payout file`. */
export function addFile(payout: Command): void {
  payout
    .command('file')
    .argument('<batch>', 'pob_…')
    .addOption(
      new Option('--format <format>', 'pain.001.001.09 or CSV').choices(Object.keys(FORMATS)).default('pain001'),
    )
    .option('--out <file>', 'where it is written, for you alone to read; standard output unless given')
    .description('makes the file of an instructed batch for the bank: the same bytes each time')
    .action((batch: string, { format, out }: FileOptions, command: Command) =>
      act(command, async (context) => {
        const { writePayoutFile } = await import('../../../ledger/payouts/write-payout-file.ts')
        const file = await withBar('opening accounts', (onProgress) =>
          writePayoutFile(context, { batch, format: FORMATS[format] ?? 'PAIN_001', onProgress }),
        )
        if (out === undefined) {
          await writeOut(file.text)
          return {}
        }
        await writeFile(out, file.text, { mode: 0o600 })
        const { sha256, batch: of } = file
        const told = { batch: of.id, format: file.format, payouts: of.payouts, sha256, file: out }
        return wantsJson(command) ? { result: told } : { result: told, rows: [told] }
      }),
    )
}
