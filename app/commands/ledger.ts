import type { Command } from 'commander'
import { addBalances } from './ledger/balances.ts'
import { addBundle } from './ledger/bundle.ts'
import { addExport } from './ledger/export.ts'
import { addVerify } from './ledger/verify.ts'

/** `tributary ledger …`: a file for each verb. */
export function addLedger(program: Command): void {
  const ledger = program.command('ledger').description('the log and the journal')
  for (const add of [addVerify, addBalances, addExport, addBundle]) add(ledger)
}
