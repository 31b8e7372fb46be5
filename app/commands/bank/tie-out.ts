import type { Command } from 'commander'
import { formatDecimal } from '../../../kernel/money.ts'
import type { TieOut } from '../../../ledger/reconciliation/tie-out.ts'
import { act } from '../act.ts'
import type { Row } from '../output.ts'

/** `tributary bank tie-out`. */
export function addTieOut(bank: Command): void {
  bank
    .command('tie-out')
    .requiredOption('--account <code>', 'of this account of ours')
    .option('--on <date>', 'the last closing balance up to this day, such as 2026-01-31; the last of all when absent')
    .description("ties the bank's closing balance to the ledger; exit code 1 while balances have gaps")
    .action(({ account: ownAccount, on }: { account: string; on?: string }, command: Command) =>
      act(command, async (context) => {
        const { tieOut } = await import('../../../ledger/reconciliation/tie-out.ts')
        const result = await tieOut(context, { ownAccount, on })
        const failed = result.difference !== 0n || result.gaps.length > 0
        return { result, rows: rowsOf(result), sentence: sentenceOf(result), failed }
      }),
    )
}

function sentenceOf({ difference, gaps, atBank, inLedger }: TieOut): string {
  if (difference !== 0n) return 'Not tied: our own books are wrong.'
  if (gaps.length > 0)
    return 'Not tied: balances of the bank do not follow from its entries; a file is missing or wrong.'
  const open = atBank.length + inLedger.length
  return open === 0 ? 'Tied: bank and ledger are the same.' : 'Tied, but for what is listed: it is open.'
}

function rowsOf(told: TieOut): readonly Row[] {
  const row = (what: string, minor: bigint, about = ''): Row => ({
    what,
    amount: formatDecimal({ asset: told.asset, minor }),
    about,
  })
  return [
    row(`bank, closing balance of ${told.on}`, told.bank),
    row(`ledger, Bank:${told.ownAccount}`, told.ledger),
    row('less what the ledger moved and the bank did not', told.inLedgerTotal),
    ...told.inLedger.map(({ journalEntry, reference, minor }) => row(`  ${journalEntry}`, minor, reference)),
    row('and what the bank moved and the ledger does not have', told.atBankTotal),
    ...told.atBank.map(({ entry, bookedOn, minor, break: open }) =>
      row(`  ${entry}`, minor, `${bookedOn} ${open ?? ''}`),
    ),
    row('and gaps between closing balances', told.gapsTotal),
    ...told.gaps.map(({ on, minor }) => row(`  gap on ${on}`, minor)),
    row('unexplained', told.difference),
  ]
}
