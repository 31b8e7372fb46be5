import type { Transaction } from '../../database/client.ts'
import { Fault } from '../../kernel/fault.ts'
import type { BankBreak } from './bank-break.ts'
import type { BankEntry } from './bank-entry.ts'
import { selectUnmatched } from './store/matches.ts'

/** The entry that an open break is about. Throws `WRONG_STATE` where it is about none. */
export async function requireUnmatched(tx: Transaction, found: BankBreak): Promise<BankEntry> {
  const entry = found.entry === undefined ? undefined : await selectUnmatched(tx, found.entry)
  if (entry !== undefined) return entry
  throw new Fault('WRONG_STATE', `the break ${found.id} is about no entry of the bank: ${found.kind}`)
}
