import type { Context } from '../../database/context.ts'
import { beancountWriter } from './exports/beancount-text.ts'
import { csvWriter } from './exports/csv-text.ts'
import type { EntryWriter } from './exports/entry-writer.ts'
import { hledgerWriter } from './exports/hledger-text.ts'
import { requireMapped } from './finance/check-finance-chart.ts'
import type { FinanceChart } from './finance/finance-chart.ts'
import type { JournalFormat } from './journal-format.ts'
import { type EntryKey, selectEntriesAfter } from './store/entries.ts'

const ENTRIES_AT_ONCE = 1000
const WRITERS: Readonly<Record<JournalFormat, (chart?: FinanceChart) => EntryWriter>> = {
  hledger: hledgerWriter,
  beancount: beancountWriter,
  csv: csvWriter,
}

/**
 * Writes the journal in order of time: as plain text that `hledger check --strict` or `bean-check` accepts, or as CSV
 * with a line for each posting. Memory does not grow with the number of entries; the next are read when `write` is done.
 * An entry that is posted meanwhile into a time that was written already is not in the export. Amounts are decimals of
 * their asset. With a chart of the finance system, accounts are by its codes and names; throws `ACCOUNT_UNMAPPED` with those
 * that it does not map. Sources: hledger manual, “Journal”; beancount manual, “Language Syntax”.
 */
export async function exportJournal(
  context: Context,
  { format, chart }: { readonly format: JournalFormat; readonly chart?: FinanceChart | undefined },
  write: (text: string) => Promise<void> | void,
): Promise<{ readonly entries: number }> {
  if (chart !== undefined) await requireMapped(context.database.reads, chart)
  const writer = WRITERS[format](chart)
  await write(writer.head)
  let count = 0
  let after: EntryKey | undefined
  for (;;) {
    const batch = await selectEntriesAfter(context.database.reads, after, ENTRIES_AT_ONCE)
    if (batch.last === undefined) return { entries: count }
    await write(writer.write(batch.entries))
    count += batch.entries.length
    after = batch.last
  }
}
