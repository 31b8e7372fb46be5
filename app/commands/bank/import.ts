import type { Command } from 'commander'
import { formatDecimal } from '../../../kernel/money.ts'
import type { BankStatement } from '../../../ledger/reconciliation/bank-entry.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'
import { openProgress } from '../progress.ts'
import { readJson } from '../read-json.ts'

type ImportOptions = { readonly mapping?: string; readonly account?: string; readonly match: boolean }

/** `tributary bank import FILE`. */
export function addImportStatements(bank: Command): void {
  bank
    .command('import')
    .argument('<file>', "a bank's camt.053 (XML), or CSV with a mapping")
    .option('--mapping <file>', 'what the columns of a CSV file mean (see examples/)')
    .option('--account <code>', 'which account of ours it is of, where the file does not tell it')
    .option('--no-match', 'leaves matching for later')
    .description('takes in what the bank says, each entry once, and matches it; safe to run again')
    .action((file: string, { mapping, account, match }: ImportOptions, command: Command) =>
      act(command, async (context) => {
        const { fileAt } = await import('../../../ledger/reconciliation/bank-file.ts')
        const { importBankStatements } = await import('../../../ledger/reconciliation/import-bank-statements.ts')
        const { matchBankEntries } = await import('../../../ledger/reconciliation/match-bank-entries.ts')
        const bar = openProgress('import')
        const taken = await importBankStatements(context, {
          file: await fileAt(file),
          ...(mapping === undefined ? {} : { mapping: await readJson(mapping) }),
          ownAccount: account,
          onProgress: ({ bytes, totalBytes, entries }) => bar.show(bytes, totalBytes, `${entries} entries`),
        }).finally(bar.end)
        const matched = match ? await matchBankEntries(context) : undefined
        const sentence =
          matched && `${matched.matched} matched, ${matched.charged} charges booked, ${matched.unmatched} unmatched`
        return { result: { ...taken, matched }, rows: taken.statements.map(statementRow), sentence }
      }),
    )
}

/** A row of a list of statements. */
export function statementRow({
  id,
  asset,
  reference,
  opening,
  closing,
  entries,
  added,
  importedAt,
}: BankStatement): Row {
  const told = (balance: BankStatement['opening']) =>
    balance && `${formatDecimal({ asset, minor: balance.minor })} on ${balance.date}`
  return { id, reference, asset, opening: told(opening), closing: told(closing), entries, new: added, importedAt }
}
